package dev.firebreak.auth.ratelimit;

import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;

/**
 * How many Google tokens of one user one client may ask for on this node. Clients keep tokens themselves, so that a few a
 * minute are usual; this ends a loop that has run wild without hurting other users.
 */
public final class VaultLimits {
    private static final int ASKED = 300;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** About 200 bytes each. */
    private static final int MAX_TRACKED = 100_000;

    private final Buckets buckets;
    private final Counter refused;

    VaultLimits(InstantSource clock, MeterRegistry meters) {
        this.buckets = new Buckets(ASKED, WINDOW, MAX_TRACKED, clock);
        this.refused = Counter.builder("auth.vault.refused")
                .description("Google tokens refused because of too many before")
                .register(meters);
        Gauge.builder("auth.vault.buckets", buckets, Buckets::size)
                .description("Buckets of askers for Google tokens in memory")
                .register(meters);
    }

    /** Refuses a client that asks for one user's tokens too often. */
    public void require(String client, UUID user) {
        ConsumptionProbe probe = buckets.of(client + " " + user).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            refused.increment();
            throw new ServiceException(
                    RateError.LIMITED,
                    "Too many questions for this user's Google tokens",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }
}
