package dev.firebreak.auth.client;

import dev.firebreak.contracts.token.Claims;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Claims of a client assertion (RFC 7523, 3), of the right types and nothing more.
 *
 * @param notBefore {@link Instant#EPOCH} if absent
 * @param instance node that made it; absent unless it says so
 */
record AssertionClaims(
        String issuer,
        String subject,
        List<String> audience,
        String jti,
        Instant issuedAt,
        Instant expiresAt,
        Instant notBefore,
        @Nullable String instance) {

    static AssertionClaims of(@Nullable Map<String, Object> payload) {
        if (payload == null) {
            throw AssertionVerifier.invalid("no JSON");
        }
        return new AssertionClaims(
                text(payload, "iss"),
                text(payload, "sub"),
                audience(payload.get("aud")),
                text(payload, "jti"),
                time(payload.get("iat")),
                time(payload.get("exp")),
                payload.containsKey("nbf") ? time(payload.get("nbf")) : Instant.EPOCH,
                payload.containsKey(Claims.INSTANCE) ? text(payload, Claims.INSTANCE) : null);
    }

    private static String text(Map<String, Object> payload, String name) {
        if (payload.get(name) instanceof String text) {
            return text;
        }
        throw AssertionVerifier.invalid("no " + name);
    }

    /** One text or a list of texts (RFC 7519, 4.1.3). */
    private static List<String> audience(@Nullable Object value) {
        return switch (value) {
            case String one -> List.of(one);
            case List<?> many ->
                many.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
            case null, default -> List.of();
        };
    }

    private static Instant time(@Nullable Object value) {
        // Bounded, so that adding a few seconds cannot overflow.
        if (value instanceof Number seconds && seconds.longValue() >= 0 && seconds.longValue() < 1L << 40) {
            return Instant.ofEpochSecond(seconds.longValue());
        }
        throw AssertionVerifier.invalid("no time");
    }
}
