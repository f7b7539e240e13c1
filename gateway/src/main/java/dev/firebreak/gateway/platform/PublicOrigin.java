package dev.firebreak.gateway.platform;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The one origin that browsers see: scheme, host and port, from configuration and never from a request.
 *
 * @param value serialised as browsers write it in {@code Origin} (RFC 6454, 6.2): lower case, no default port
 * @param secure true for https
 * @param port the port in use, also if it is the scheme's default
 */
public record PublicOrigin(String value, boolean secure, int port) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /** The origin of {@code url}; https, or http for this machine in the local profile. */
    static PublicOrigin of(URI url, FirebreakProperties.Profile profile) {
        String scheme = lower(url.getScheme());
        String host = lower(url.getHost());
        Misconfigured.unless(
                (scheme.equals("https") || scheme.equals("http")) && !host.isEmpty() && isBare(url),
                "firebreak.public-origin must be an origin such as https://tasks.example.org, not " + url);
        boolean secure = scheme.equals("https");
        Misconfigured.unless(
                secure || (profile == FirebreakProperties.Profile.LOCAL && THIS_MACHINE.contains(host)),
                "firebreak.public-origin must be https; plain http is for localhost in the local profile only, not "
                        + url);
        int standard = secure ? 443 : 80;
        int port = url.getPort() == -1 ? standard : url.getPort();
        return new PublicOrigin(scheme + "://" + host + (port == standard ? "" : ":" + port), secure, port);
    }

    /** The URL of a path of this origin; the path begins with a slash. */
    public String url(String path) {
        return value + path;
    }

    private static boolean isBare(URI url) {
        boolean noPath = url.getRawPath() == null
                || url.getRawPath().isEmpty()
                || url.getRawPath().equals("/");
        return noPath && url.getRawQuery() == null && url.getRawFragment() == null && url.getRawUserInfo() == null;
    }

    private static String lower(@Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
