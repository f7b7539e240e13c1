package dev.firebreak.auth.sealing;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the key-encryption keys are followed.
 *
 * @param reloadEvery pause between two looks at the key file
 * @param rewrapEvery pause between two looks at the sealed rows; each is one statement as long as nothing is to be done
 */
@Validated
@ConfigurationProperties(prefix = "auth.sealing", ignoreUnknownFields = false)
record SealingProperties(
        @DefaultValue("2s") Duration reloadEvery,
        @DefaultValue("5s") Duration rewrapEvery) {
    SealingProperties {
        requireBetween("reload-every", reloadEvery, Duration.ofMillis(50), Duration.ofMinutes(1));
        requireBetween("rewrap-every", rewrapEvery, Duration.ofMillis(50), Duration.ofMinutes(10));
    }

    private static void requireBetween(String key, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("auth.sealing.%s must lie between %d ms and %d min"
                    .formatted(key, least.toMillis(), most.toMinutes()));
        }
    }
}
