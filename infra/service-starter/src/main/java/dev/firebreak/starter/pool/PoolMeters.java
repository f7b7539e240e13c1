package dev.firebreak.starter.pool;

import dev.firebreak.starter.lane.Lane;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is counted and timed of one pool; looked up once, so that counting is an addition. */
final class PoolMeters {
    /** Why somebody got no connection. */
    enum Rejection {
        SATURATED,
        DEADLINE,
        UNAVAILABLE,
        INTERRUPTED
    }

    private final List<OfLane> lanes;
    private final Counter created;
    private final Timer tcp;
    private final Timer tls;
    private final Timer auth;
    private final Counter nested;
    private final Counter leaks;

    private record OfLane(Counter foundIdle, Counter foundEmpty, Timer waits, List<Counter> rejected) {}

    PoolMeters(String pool, MeterRegistry metrics) {
        this.lanes =
                Lane.IN_ORDER.stream().map(lane -> ofLane(pool, lane, metrics)).toList();
        this.created = Counter.builder("firebreak.pool.connections.created")
                .description("Connections opened: churn")
                .tag("pool", pool)
                .register(metrics);
        this.tcp = connect(pool, "tcp", metrics);
        this.tls = connect(pool, "tls", metrics);
        this.auth = connect(pool, "auth", metrics);
        this.nested = Counter.builder("firebreak.pool.nested")
                .description("Threads that asked for a connection while they held one, of whatever pool")
                .tag("pool", pool)
                .register(metrics);
        this.leaks = Counter.builder("firebreak.pool.leaks")
                .description("Connections held for longer than any request may take")
                .tag("pool", pool)
                .register(metrics);
    }

    private static OfLane ofLane(String pool, Lane lane, MeterRegistry metrics) {
        return new OfLane(
                acquires(pool, lane, "idle", metrics),
                acquires(pool, lane, "empty", metrics),
                Timer.builder("firebreak.pool.wait")
                        .description("Time until a connection was had")
                        .tags("pool", pool, "lane", lane.id())
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(1))
                        .maximumExpectedValue(Duration.ofSeconds(2))
                        .register(metrics),
                Arrays.stream(Rejection.values())
                        .map(reason -> Counter.builder("firebreak.pool.rejected")
                                .description("Threads that got no connection")
                                .tags("pool", pool, "lane", lane.id())
                                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                                .register(metrics))
                        .toList());
    }

    private static Counter acquires(String pool, Lane lane, String found, MeterRegistry metrics) {
        return Counter.builder("firebreak.pool.acquires")
                .description("Connections taken, by whether one was free at once")
                .tags("pool", pool, "lane", lane.id(), "found", found)
                .register(metrics);
    }

    private static Timer connect(String pool, String step, MeterRegistry metrics) {
        return Timer.builder("firebreak.pool.connect")
                .description("Time to open a connection, by its steps")
                .tags("pool", pool, "step", step)
                .register(metrics);
    }

    void acquired(Lane lane, boolean foundEmpty, long waitNanos) {
        OfLane of = lanes.get(lane.ordinal());
        (foundEmpty ? of.foundEmpty() : of.foundIdle()).increment();
        of.waits().record(Duration.ofNanos(waitNanos));
    }

    void rejected(Lane lane, Rejection reason) {
        lanes.get(lane.ordinal()).rejected().get(reason.ordinal()).increment();
    }

    void connected(long nanos, ConnectSteps steps) {
        created.increment();
        tcp.record(Duration.ofNanos(steps.tcpNanos()));
        if (steps.tlsNanos() > 0) {
            tls.record(Duration.ofNanos(steps.tlsNanos()));
        }
        auth.record(Duration.ofNanos(Math.max(0, nanos - steps.tcpNanos() - steps.tlsNanos())));
    }

    void nested() {
        nested.increment();
    }

    void leaked() {
        leaks.increment();
    }
}
