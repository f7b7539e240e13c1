package dev.firebreak.auth.node;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this node tells the others of itself.
 *
 * @param reportEvery pause between two reports; a node is forgotten after two minutes without one
 */
@Validated
@ConfigurationProperties(prefix = "auth.node", ignoreUnknownFields = false)
record NodeProperties(@DefaultValue("2s") Duration reportEvery) {
    NodeProperties {
        if (reportEvery.compareTo(Duration.ofMillis(50)) < 0 || reportEvery.compareTo(Duration.ofSeconds(20)) > 0) {
            throw new IllegalArgumentException("auth.node.report-every must lie between 50ms and 20s");
        }
    }
}
