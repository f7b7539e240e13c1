package dev.firebreak.auth.event;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this node follows the events.
 *
 * @param refreshEvery pause between two looks for new ones; what this node writes it sees at once
 * @param keptFor how long events are kept; a service that was away for longer has to compare all it has
 * @param purgeEvery pause between two deletions of what is older
 */
@Validated
@ConfigurationProperties(prefix = "auth.event", ignoreUnknownFields = false)
record EventProperties(
        @DefaultValue("500ms") Duration refreshEvery,
        @DefaultValue("30d") Duration keptFor,
        @DefaultValue("10m") Duration purgeEvery) {
    EventProperties {
        if (refreshEvery.compareTo(Duration.ofMillis(50)) < 0 || refreshEvery.compareTo(Duration.ofSeconds(2)) > 0) {
            throw new IllegalArgumentException("auth.event.refresh-every must lie between 50ms and 2s");
        }
        if (keptFor.compareTo(Duration.ofDays(1)) < 0 || keptFor.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("auth.event.kept-for must lie between 1d and 365d");
        }
        if (purgeEvery.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("auth.event.purge-every must be at least 1s");
        }
    }
}
