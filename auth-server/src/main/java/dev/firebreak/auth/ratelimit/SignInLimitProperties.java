package dev.firebreak.auth.ratelimit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many sign-ins may be tried on this node. Buckets are full at first and refill evenly.
 *
 * @param accountFailures failed attempts on one account within the window; right passwords do not count
 * @param accountWindow in which so many failures are forgiven
 * @param addressAttempts attempts of any outcome from one address (of IPv6, one /64) within the window; an office behind
 *     one address must be able to start its day
 * @param addressWindow in which so many attempts are forgiven
 * @param maxTracked buckets kept of each kind, about 200 bytes each; the least used go first
 */
@Validated
@ConfigurationProperties(prefix = "auth.sign-in-limits", ignoreUnknownFields = false)
record SignInLimitProperties(
        @DefaultValue("10") int accountFailures,
        @DefaultValue("10m") Duration accountWindow,
        @DefaultValue("120") int addressAttempts,
        @DefaultValue("1m") Duration addressWindow,
        @DefaultValue("100000") int maxTracked) {
    SignInLimitProperties {
        if (accountFailures < 1 || addressAttempts < 1 || maxTracked < 100) {
            throw new IllegalArgumentException("auth.sign-in-limits needs positive counts and max-tracked >= 100");
        }
        if (!accountWindow.isPositive() || !addressWindow.isPositive()) {
            throw new IllegalArgumentException("auth.sign-in-limits needs positive windows");
        }
    }
}
