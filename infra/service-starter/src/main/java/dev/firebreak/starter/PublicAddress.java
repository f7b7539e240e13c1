package dev.firebreak.starter;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the deployment's public addresses must look like. They are compared letter by letter, in tokens, cookies and
 * {@code Origin} headers, so there is one way to write each (RFC 6454, 6.2); and they are https, but for one machine.
 */
final class PublicAddress {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private PublicAddress() {}

    /** Scheme, host and port, and nothing behind them. */
    static void requireOrigin(Profile profile, URI url) {
        requireSecure(profile, url, "firebreak.public-origin");
        require(
                url.toString().equals(origin(url)),
                "firebreak.public-origin must be a bare origin in lower case without a default port or a slash at the"
                        + " end, such as https://tasks.example.org, not " + url);
    }

    /** An origin with a path that does not end in a slash. */
    static void requireIssuer(Profile profile, URI url) {
        requireSecure(profile, url, "firebreak.issuer");
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        require(
                url.toString().equals(origin(url) + path) && !path.endsWith("/"),
                "firebreak.issuer must be a URL in lower case without a default port, a query or a slash at the end,"
                        + " such as https://tasks.example.org/auth, not " + url);
    }

    private static void requireSecure(Profile profile, URI url, String key) {
        String scheme = lower(url.getScheme());
        boolean allowed = scheme.equals("https")
                || (scheme.equals("http") && profile == Profile.LOCAL && THIS_MACHINE.contains(lower(url.getHost())));
        require(
                allowed && url.getHost() != null,
                key + " must be https; plain http is for localhost in the local profile only, not " + url);
    }

    /** As browsers write it. */
    private static String origin(URI url) {
        String scheme = lower(url.getScheme());
        int standard = scheme.equals("https") ? 443 : 80;
        boolean usual = url.getPort() == -1 || url.getPort() == standard;
        return scheme + "://" + lower(url.getHost()) + (usual ? "" : ":" + url.getPort());
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new Misconfigured(sentence);
        }
    }
}
