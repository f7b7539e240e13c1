package dev.firebreak.auth.egress;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Where calls to registered URLs may go.
 *
 * @param timeout longest time for one call, from the look-up of its host to the head of the answer
 * @param allowedNetworks networks that are not public and may be called all the same
 */
@Validated
@ConfigurationProperties(prefix = "auth.egress", ignoreUnknownFields = false)
record EgressProperties(
        @DefaultValue("2s") Duration timeout, @DefaultValue List<String> allowedNetworks) {
    EgressProperties {
        if (timeout.compareTo(Duration.ofMillis(100)) < 0 || timeout.compareTo(Duration.ofSeconds(15)) > 0) {
            throw new IllegalArgumentException("auth.egress.timeout must lie between 100ms and 15s");
        }
        allowedNetworks = List.copyOf(allowedNetworks);
    }
}
