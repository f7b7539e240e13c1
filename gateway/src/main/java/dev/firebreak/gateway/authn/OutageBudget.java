package dev.firebreak.gateway.authn;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.stereotype.Component;

/**
 * How long the authorization server could be away from now on without an active user noticing: the shortest remaining
 * token life that a request of the last one to two minutes came with. No lock; a lost race costs one sample.
 */
@Component
class OutageBudget {
    private static final long WINDOW_MILLIS = 60_000;

    private final InstantSource clock;
    private final AtomicReference<Windows> windows;

    /** Shortest life in milliseconds in this window and in the one before. */
    private record Windows(long number, long shortest, long shortestBefore) {
        Windows at(long now) {
            if (now == number) {
                return this;
            }
            return new Windows(now, Long.MAX_VALUE, now == number + 1 ? shortest : Long.MAX_VALUE);
        }
    }

    OutageBudget(InstantSource clock, MeterRegistry metrics) {
        this.clock = clock;
        this.windows = new AtomicReference<>(new Windows(window(), Long.MAX_VALUE, Long.MAX_VALUE));
        Gauge.builder("session.outage.budget", this, OutageBudget::seconds)
                .description("Outage of the authorization server that no active user would notice; NaN without users")
                .baseUnit("seconds")
                .register(metrics);
    }

    void record(Duration left) {
        long millis = Math.max(0, left.toMillis());
        Windows seen = windows.get();
        Windows now = seen.at(window());
        if (now != seen || millis < now.shortest()) {
            windows.compareAndSet(
                    seen, new Windows(now.number(), Math.min(millis, now.shortest()), now.shortestBefore()));
        }
    }

    double seconds() {
        Windows now = windows.get().at(window());
        long shortest = Math.min(now.shortest(), now.shortestBefore());
        return shortest == Long.MAX_VALUE ? Double.NaN : shortest / 1000.0;
    }

    private long window() {
        return clock.millis() / WINDOW_MILLIS;
    }
}
