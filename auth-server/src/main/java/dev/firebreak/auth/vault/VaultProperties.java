package dev.firebreak.auth.vault;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How Google's tokens are kept and renewed.
 *
 * @param cacheSize tokens held open in this node's memory, about 1 KB each; the least used go first
 * @param lease how long a node may take for one renewal before another takes over; longer than two calls to Google
 *     (auth.google.call-timeout), or Google is asked twice
 * @param longestWait longest time a caller waits for a renewal
 * @param changesEvery pause between two looks for what other nodes changed; as long does a token outlive its connection
 */
@Validated
@ConfigurationProperties(prefix = "auth.vault", ignoreUnknownFields = false)
record VaultProperties(
        @DefaultValue("20000") int cacheSize,
        @DefaultValue("12s") Duration lease,
        @DefaultValue("8s") Duration longestWait,
        @DefaultValue("1s") Duration changesEvery) {
    VaultProperties {
        if (cacheSize < 1 || cacheSize > 1_000_000) {
            throw new IllegalArgumentException("auth.vault.cache-size must lie between 1 and 1000000");
        }
        require(lease, Duration.ofMillis(500), Duration.ofMinutes(1), "lease");
        require(longestWait, Duration.ofMillis(100), Duration.ofSeconds(30), "longest-wait");
        require(changesEvery, Duration.ofMillis(50), Duration.ofSeconds(10), "changes-every");
    }

    private static void require(Duration value, Duration least, Duration most, String key) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("auth.vault.%s must lie between %s and %s".formatted(key, least, most));
        }
    }
}
