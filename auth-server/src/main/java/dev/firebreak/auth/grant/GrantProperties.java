package dev.firebreak.auth.grant;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Housekeeping of grants; their life times are the contract's and no matter of configuration.
 *
 * @param macRefreshEvery pause between two reads of the MAC keys
 * @param purgeEvery pause between two deletions of what is over
 */
@Validated
@ConfigurationProperties(prefix = "auth.grant", ignoreUnknownFields = false)
record GrantProperties(
        @DefaultValue("1s") Duration macRefreshEvery,
        @DefaultValue("1m") Duration purgeEvery) {
    GrantProperties {
        if (macRefreshEvery.compareTo(Duration.ofMillis(50)) < 0
                || macRefreshEvery.compareTo(Duration.ofSeconds(10)) > 0) {
            throw new IllegalArgumentException("auth.grant.mac-refresh-every must lie between 50ms and 10s");
        }
        if (purgeEvery.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("auth.grant.purge-every must be at least 1s");
        }
    }
}
