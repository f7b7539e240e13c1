package dev.firebreak.starter.token;

import java.util.Set;
import java.util.TreeSet;

/**
 * What a token is for. A constant of the code: each one costs a renewal every five minutes, and it is a metric label.
 *
 * @param audience the {@code aud} that the other side asks for, sent as {@code resource} (RFC 8707)
 * @param scopes to ask for; empty for all that this client may have for itself. The authorization server derives the audience
 *     from them, so a client that may have scopes of several audiences names those of one
 */
public record TokenTarget(String audience, Set<String> scopes) {
    public TokenTarget {
        scopes = Set.copyOf(scopes);
    }

    /** With all scopes that this client may have for itself. */
    public static TokenTarget of(String audience) {
        return new TokenTarget(audience, Set.of());
    }

    /** As OAuth writes it (RFC 6749, 3.3), sorted; empty for all. */
    String scope() {
        return String.join(" ", new TreeSet<>(scopes));
    }
}
