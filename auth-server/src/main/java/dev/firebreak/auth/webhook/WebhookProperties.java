package dev.firebreak.auth.webhook;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Who is told of events by webhook.
 *
 * @param folder folder of the receivers' files, {@code *.yaml}; {@code none} = there are none
 * @param reloadEvery pause between two looks at the files
 * @param deliverEvery pause between two looks for what is due
 * @param keptFor how long messages are kept after their end: what was delivered for its proof, dead letters for a replay
 * @param purgeEvery pause between two deletions of what is older
 */
@Validated
@ConfigurationProperties(prefix = "auth.webhook", ignoreUnknownFields = false)
record WebhookProperties(
        @DefaultValue("none") String folder,
        @DefaultValue("2s") Duration reloadEvery,
        @DefaultValue("1s") Duration deliverEvery,
        @DefaultValue("30d") Duration keptFor,
        @DefaultValue("10m") Duration purgeEvery) {
    private static final String NONE = "none";

    WebhookProperties {
        if (reloadEvery.compareTo(Duration.ofMillis(50)) < 0 || reloadEvery.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("auth.webhook.reload-every must lie between 50ms and 1m");
        }
        if (deliverEvery.compareTo(Duration.ofMillis(50)) < 0 || deliverEvery.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("auth.webhook.deliver-every must lie between 50ms and 1m");
        }
        // Longer than a message is tried for, or it would be deleted under way.
        if (keptFor.compareTo(Duration.ofDays(7)) < 0 || keptFor.compareTo(Duration.ofDays(365)) > 0) {
            throw new IllegalArgumentException("auth.webhook.kept-for must lie between 7d and 365d");
        }
        if (purgeEvery.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("auth.webhook.purge-every must be at least 1s");
        }
    }

    @Nullable
    Path path() {
        return folder.equals(NONE) ? null : Path.of(folder);
    }
}
