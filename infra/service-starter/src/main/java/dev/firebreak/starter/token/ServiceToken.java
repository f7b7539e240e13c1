package dev.firebreak.starter.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * An access token of this process's client. Shows no secret in its text form.
 *
 * @param value what goes behind {@code Bearer}
 * @param obtainedAt when it was asked for, by this process's clock
 * @param expiresAt its end by the same clock; early by the time that the answer took
 * @param scopes what it allows
 */
public record ServiceToken(String value, Instant obtainedAt, Instant expiresAt, Set<String> scopes) {
    public ServiceToken {
        scopes = Set.copyOf(scopes);
    }

    boolean isValidFor(Duration leastLife, Instant now) {
        return now.plus(leastLife).isBefore(expiresAt);
    }

    Duration age(Instant now) {
        return Duration.between(obtainedAt, now);
    }

    Duration life() {
        return Duration.between(obtainedAt, expiresAt);
    }

    @Override
    public String toString() {
        return "ServiceToken[expiresAt=%s, scopes=%s]".formatted(expiresAt, scopes);
    }
}
