package dev.firebreak.auth.oauth;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How many authorizations and token requests this node takes. Buckets are full at first and refill evenly.
 *
 * @param clientPerSecond requests of one client that has proved who it is; its bucket holds twice as many. A gateway asks
 *     for all its users, so this only stops a client that has run wild
 * @param publicPerMinute requests of one public client from one address
 * @param failuresPerMinute failed client authentications from one address; past it that address is refused unlooked-at,
 *     but for assertions that do not come by the gateway
 * @param sessionPerMinute authorizations of one signed-in browser; each writes a row. All tabs of a browser come back at once
 * @param formsAtOnce forms that are being read at once, at most 16 KB each; beyond it 503 at once
 * @param maxTracked buckets kept of each kind, about 200 bytes each; the least used go first
 */
@Validated
@ConfigurationProperties(prefix = "auth.token-limits", ignoreUnknownFields = false)
record TokenLimitProperties(
        @DefaultValue("1000") int clientPerSecond,
        @DefaultValue("60") int publicPerMinute,
        @DefaultValue("30") int failuresPerMinute,
        @DefaultValue("120") int sessionPerMinute,
        @DefaultValue("256") int formsAtOnce,
        @DefaultValue("100000") int maxTracked) {
    TokenLimitProperties {
        boolean positive = clientPerSecond > 0
                && publicPerMinute > 0
                && failuresPerMinute > 0
                && sessionPerMinute > 0
                && formsAtOnce > 0;
        if (!positive || maxTracked < 100) {
            throw new IllegalArgumentException("auth.token-limits needs positive counts and max-tracked >= 100");
        }
    }
}
