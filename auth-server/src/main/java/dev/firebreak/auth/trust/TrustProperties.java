package dev.firebreak.auth.trust;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this node follows the revocations.
 *
 * @param refreshEvery pause between two reads; adds to the time in which a revocation reaches every verifier
 * @param purgeEvery pause between two deletions of what has run out
 * @param mostVerifiersPerClient nodes of one client that may read the feed; a further one is refused
 * @param mostWatches orders of a kind that wait at a time until verifiers obey, each holding a request; a further one does not wait
 */
@Validated
@ConfigurationProperties(prefix = "auth.trust", ignoreUnknownFields = false)
record TrustProperties(
        @DefaultValue("500ms") Duration refreshEvery,
        @DefaultValue("1m") Duration purgeEvery,
        @DefaultValue("50") int mostVerifiersPerClient,
        @DefaultValue("16") int mostWatches) {
    TrustProperties {
        if (refreshEvery.compareTo(Duration.ofMillis(50)) < 0 || refreshEvery.compareTo(Duration.ofSeconds(2)) > 0) {
            throw new IllegalArgumentException("auth.trust.refresh-every must lie between 50ms and 2s");
        }
        if (purgeEvery.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException("auth.trust.purge-every must be at least 1s");
        }
        if (mostVerifiersPerClient < 1 || mostVerifiersPerClient > 500) {
            throw new IllegalArgumentException("auth.trust.most-verifiers-per-client must lie between 1 and 500");
        }
        if (mostWatches < 1 || mostWatches > 100) {
            throw new IllegalArgumentException("auth.trust.most-watches must lie between 1 and 100");
        }
    }
}
