package dev.firebreak.auth.signing;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this node follows the key table, and when keys move by themselves.
 *
 * @param refreshEvery pause between two reads; up to half of it is added at random
 * @param lease how long this node signs without having read the table. Key moves of other nodes count on the 15 minutes,
 *     so it may only be shorter
 * @param algorithm of keys that the schedule makes; another one is another key
 * @param rotateEvery how long a key signs before the next one takes over
 * @param publishAhead how long a key is published before it signs
 * @param keyLife hard end of signing, counted from activation
 * @param jwksMaxAge how long anybody may keep the JWKS
 * @param freezes times in which the schedule activates nothing
 */
@Validated
@ConfigurationProperties(prefix = "auth.signing", ignoreUnknownFields = false)
record SigningProperties(
        @DefaultValue("500ms") Duration refreshEvery,
        @DefaultValue("15m") Duration lease,
        @DefaultValue("ES256") SigningAlgorithm algorithm,
        @DefaultValue("30d") Duration rotateEvery,
        @DefaultValue("24h") Duration publishAhead,
        @DefaultValue("90d") Duration keyLife,
        @DefaultValue("5m") Duration jwksMaxAge,
        @DefaultValue List<Freeze> freezes) {
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(15);

    /** A freeze in the configuration; both ends in UTC, for instance {@code 2026-12-20T00:00:00Z}. */
    record Freeze(Instant from, Instant to, String reason) {}

    SigningProperties {
        if (refreshEvery.compareTo(Duration.ofMillis(50)) < 0 || refreshEvery.compareTo(Duration.ofSeconds(2)) > 0) {
            throw new IllegalArgumentException("auth.signing.refresh-every must lie between 50ms and 2s");
        }
        if (lease.compareTo(refreshEvery) <= 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("auth.signing.lease must lie between refresh-every and 15m");
        }
        if (publishAhead.isNegative() || publishAhead.compareTo(rotateEvery) >= 0) {
            throw new IllegalArgumentException("auth.signing.publish-ahead must be shorter than rotate-every");
        }
        if (keyLife.compareTo(rotateEvery) <= 0) {
            throw new IllegalArgumentException("auth.signing.key-life must be longer than rotate-every");
        }
        if (jwksMaxAge.compareTo(Duration.ofSeconds(1)) < 0 || jwksMaxAge.compareTo(Duration.ofHours(24)) > 0) {
            throw new IllegalArgumentException("auth.signing.jwks-max-age must lie between 1s and 24h");
        }
        freezes = List.copyOf(freezes);
    }

    KeyPolicy policy(Duration tokenLife) {
        return new KeyPolicy(
                algorithm,
                rotateEvery,
                publishAhead,
                jwksMaxAge,
                keyLife,
                LONGEST_LEASE,
                tokenLife,
                freezes.stream()
                        .map(freeze -> new KeyPolicy.Freeze(freeze.from(), freeze.to(), freeze.reason()))
                        .toList());
    }
}
