package dev.firebreak.auth.login.step;

import dev.firebreak.auth.sso.FreshProof;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The one kind of place to which a sign-in leads back: our own authorization endpoint with its query, as a relative URL.
 * Nothing else can be saved, so there is nothing to redirect to that we did not mean.
 *
 * @param relative path and query, encoded, for instance {@code /auth/oauth2/authorize?client_id=…}
 */
public record AuthorizationUrl(String relative) {
    private static final String PATH = "/auth/oauth2/authorize";

    // With the rest of the step and Base64 this stays below the 4096 bytes that browsers keep.
    private static final int MAX_CHARACTERS = 2048;

    // What may stand in a query (RFC 3986, 3.4), so that what is parsed here is what every other reader sees. One class
    // and a search instead of one expression with an alternative: that would recurse once a character.
    private static final Pattern SHAPE = Pattern.compile(Pattern.quote(PATH) + "\\?[A-Za-z0-9._~!$&'()*+,;=:@/?%-]++");
    private static final Pattern BROKEN_ESCAPE = Pattern.compile("%(?![0-9A-Fa-f]{2})");

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");

    /** The URL, if it is one of ours and not too long. */
    static Optional<AuthorizationUrl> parse(String relative) {
        return relative.length() <= MAX_CHARACTERS
                        && SHAPE.matcher(relative).matches()
                        && !BROKEN_ESCAPE.matcher(relative).find()
                ? Optional.of(new AuthorizationUrl(relative))
                : Optional.empty();
    }

    /** As {@link #parse}, without the parameters that ask for the very sign-in that is about to happen. */
    static Optional<AuthorizationUrl> toReturnTo(String relative) {
        return parse(relative).map(AuthorizationUrl::fulfilled);
    }

    private AuthorizationUrl fulfilled() {
        String rest = pairs().flatMap(AuthorizationUrl::unfulfilled).collect(Collectors.joining("&"));
        return new AuthorizationUrl(PATH + "?" + rest);
    }

    private static Stream<String> unfulfilled(String pair) {
        return switch (name(pair)) {
            case FreshProof.MAX_AGE -> Stream.empty();
            case FreshProof.PROMPT ->
                FreshProof.remainingPrompt(value(pair)).stream()
                        .map(rest -> FreshProof.PROMPT + "=" + URLEncoder.encode(rest, StandardCharsets.UTF_8));
            default -> Stream.of(pair);
        };
    }

    /** The decoded value of a parameter, the first if there are several. */
    public Optional<String> parameter(String name) {
        return pairs().filter(pair -> name(pair).equals(name)).findFirst().map(AuthorizationUrl::value);
    }

    /**
     * Origin of the client that the browser will be sent to in the end. The authorization endpoint validated it before it
     * asked for a sign-in. Absent for other schemes than http and https.
     */
    public Optional<String> clientOrigin() {
        return parameter("redirect_uri").flatMap(AuthorizationUrl::origin);
    }

    private static Optional<String> origin(String uri) {
        try {
            URI parsed = URI.create(uri);
            String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
            String host = parsed.getHost();
            boolean web = scheme.equals("http") || scheme.equals("https");
            if (!web || host == null || !HOST.matcher(host).matches()) {
                return Optional.empty();
            }
            return Optional.of(scheme + "://" + host + (parsed.getPort() < 0 ? "" : ":" + parsed.getPort()));
        } catch (IllegalArgumentException notAUri) {
            return Optional.empty();
        }
    }

    private Stream<String> pairs() {
        return Arrays.stream(relative.substring(PATH.length() + 1).split("&"));
    }

    private static String name(String pair) {
        int equals = pair.indexOf('=');
        return decoded(equals < 0 ? pair : pair.substring(0, equals));
    }

    private static String value(String pair) {
        int equals = pair.indexOf('=');
        return equals < 0 ? "" : decoded(pair.substring(equals + 1));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
