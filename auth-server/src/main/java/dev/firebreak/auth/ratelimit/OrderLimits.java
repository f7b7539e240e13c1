package dev.firebreak.auth.ratelimit;

import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import io.github.bucket4j.ConsumptionProbe;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;

/**
 * How many orders one operator, or one node of a client, may give on this node: room for scripts, an end to one that has run wild.
 * Each may cost a password hash or end a thousand sessions.
 */
public final class OrderLimits {
    private static final int ORDERS = 600;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    /** Callers are operators, and registered clients with their nodes, so that a handful is many. */
    private static final int MAX_CALLERS = 1000;

    private final Buckets callers;
    private final Counter refused;

    OrderLimits(InstantSource clock, MeterRegistry meters) {
        this.callers = new Buckets(ORDERS, WINDOW, MAX_CALLERS, clock);
        this.refused = Counter.builder("auth.orders.refused")
                .description("Operators' orders refused because of too many before")
                .register(meters);
    }

    /** Refuses a caller who gives too many orders. */
    public void require(String caller) {
        ConsumptionProbe probe = callers.of(caller).tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            refused.increment();
            throw new ServiceException(
                    RateError.LIMITED,
                    "Too many orders of this caller",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }
}
