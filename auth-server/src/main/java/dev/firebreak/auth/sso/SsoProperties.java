package dev.firebreak.auth.sso;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long a browser stays signed in at the authorization server.
 *
 * @param idle a sign-in unused for this long asks for credentials again
 * @param rememberedIdle the same with "keep me signed in"
 * @param maxAge a sign-in asks again so long after its last proof, however much it is used
 * @param seenPrecision a sign-in's last use is written at most this often: its row is not written by every request
 * @param purgeEvery pause between two runs of the purge
 */
@Validated
@ConfigurationProperties(prefix = "auth.sso", ignoreUnknownFields = false)
record SsoProperties(
        @DefaultValue("8h") Duration idle,
        @DefaultValue("30d") Duration rememberedIdle,
        @DefaultValue("90d") Duration maxAge,
        @DefaultValue("5m") Duration seenPrecision,
        @DefaultValue("10m") Duration purgeEvery) {
    SsoProperties {
        if (!seenPrecision.isPositive() || seenPrecision.compareTo(idle) >= 0) {
            throw new IllegalArgumentException("auth.sso.seen-precision must lie between 0 and idle");
        }
        if (idle.compareTo(rememberedIdle) > 0 || rememberedIdle.compareTo(maxAge) > 0) {
            throw new IllegalArgumentException("auth.sso needs idle <= remembered-idle <= max-age");
        }
        if (!purgeEvery.isPositive()) {
            throw new IllegalArgumentException("auth.sso.purge-every must be positive");
        }
    }

    /** Time without use after which the sign-in asks for credentials again. */
    Duration idle(boolean remembered) {
        return remembered ? rememberedIdle : idle;
    }
}
