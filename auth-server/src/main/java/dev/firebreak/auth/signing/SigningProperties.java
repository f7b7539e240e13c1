package dev.firebreak.auth.signing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this node follows the key table.
 *
 * @param refreshEvery pause between two reads; up to half of it is added at random
 * @param lease how long this node signs without having read the table. Key moves of other nodes count on the 15 minutes,
 *     so it may only be shorter
 */
@Validated
@ConfigurationProperties(prefix = "auth.signing", ignoreUnknownFields = false)
record SigningProperties(
        @DefaultValue("1s") Duration refreshEvery,
        @DefaultValue("15m") Duration lease) {
    private static final Duration LONGEST_LEASE = Duration.ofMinutes(15);

    SigningProperties {
        if (refreshEvery.compareTo(Duration.ofMillis(50)) < 0 || refreshEvery.compareTo(Duration.ofSeconds(2)) > 0) {
            throw new IllegalArgumentException("auth.signing.refresh-every must lie between 50ms and 2s");
        }
        if (lease.compareTo(refreshEvery) <= 0 || lease.compareTo(LONGEST_LEASE) > 0) {
            throw new IllegalArgumentException("auth.signing.lease must lie between refresh-every and 15m");
        }
    }
}
