package dev.firebreak.gateway.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/** The authorization server's own cookies: the only ones that pass through the gateway, either way. */
final class AuthCookies {
    private static final Set<String> NAMES = Set.of("firebreak-signin", "firebreak-sso", "firebreak-connect");

    private AuthCookies() {}

    /** The value of {@code Cookie} for the authorization server. */
    static Optional<String> toAuthServer(HttpHeaders fromClient) {
        List<String> kept = new ArrayList<>(NAMES.size());
        for (String header : fromClient.getOrEmpty(HttpHeaders.COOKIE)) {
            for (String pair : header.split(";", -1)) {
                if (NAMES.contains(nameOf(pair))) {
                    kept.add(pair.strip());
                }
            }
        }
        return kept.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", kept));
    }

    /** Those of its {@code Set-Cookie} headers that reach the browser. */
    static List<String> fromAuthServer(List<String> setCookies) {
        return setCookies.stream()
                .filter(cookie -> NAMES.contains(nameOf(cookie)))
                .toList();
    }

    private static String nameOf(String pair) {
        int end = pair.indexOf('=');
        return end < 0 ? "" : pair.substring(0, end).strip();
    }
}
