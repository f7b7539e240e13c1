package dev.firebreak.auth.client;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How clients are followed.
 *
 * @param reloadEvery pause between two looks at the files
 * @param assertionsRemembered client assertions remembered against replay, about 150 bytes each; beyond it new ones are
 *     answered 503. The default is some 1,600 a second
 */
@Validated
@ConfigurationProperties(prefix = "auth.client", ignoreUnknownFields = false)
record ClientProperties(
        @DefaultValue("2s") Duration reloadEvery,
        @DefaultValue("400000") int assertionsRemembered) {
    ClientProperties {
        if (reloadEvery.compareTo(Duration.ofMillis(50)) < 0 || reloadEvery.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("auth.client.reload-every must lie between 50ms and 1m");
        }
        if (assertionsRemembered < 1000 || assertionsRemembered > 10_000_000) {
            throw new IllegalArgumentException("auth.client.assertions-remembered must lie between 1000 and 10000000");
        }
    }
}
