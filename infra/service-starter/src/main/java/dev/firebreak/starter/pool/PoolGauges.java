package dev.firebreak.starter.pool;

import dev.firebreak.starter.lane.Lane;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** What can be read off a pool at any moment, as metrics. */
final class PoolGauges {
    private PoolGauges() {}

    static void register(OpenPool pool, PoolProbe probe, MeterRegistry metrics) {
        gauge(metrics, pool, "firebreak.pool.size", "Connections configured", OpenPool::size);
        gauge(metrics, pool, "firebreak.pool.connections.open", "Connections that exist", OpenPool::open);
        gauge(
                metrics,
                pool,
                "firebreak.pool.connections.active",
                "Connections in use",
                it -> it.gate().counts().active());
        gauge(metrics, pool, "firebreak.pool.connections.idle", "Connections not in use", OpenPool::idle);
        gauge(
                metrics,
                pool,
                "firebreak.pool.utilisation",
                "Part of the connections in use, 0 to 1",
                it -> (double) it.gate().counts().active() / it.size());
        gauge(
                metrics,
                pool,
                "firebreak.pool.breaker.open",
                "1 while nobody is let at the database",
                it -> it.isAway() ? 1 : 0);
        for (Lane lane : Lane.IN_ORDER) {
            Gauge.builder(
                            "firebreak.pool.waiting",
                            pool,
                            it -> it.gate().counts().waiting(lane))
                    .description("Threads that wait for a connection")
                    .tags("pool", pool.name(), "lane", lane.id())
                    .register(metrics);
            Gauge.builder("firebreak.pool.waiters.max", pool, it -> it.gate().places(lane))
                    .description("Threads that may wait; idle places are lent, all lanes together have the sum")
                    .tags("pool", pool.name(), "lane", lane.id())
                    .register(metrics);
        }
        Gauge.builder("firebreak.pool.reachable", probe, it -> it.isReachable() ? 1 : 0)
                .description("1 if the last background look reached the database")
                .tag("pool", pool.name())
                .register(metrics);
    }

    private static void gauge(
            MeterRegistry metrics, OpenPool pool, String name, String what, ToDoubleFunction<OpenPool> value) {
        Gauge.builder(name, pool, value)
                .description(what)
                .tag("pool", pool.name())
                .register(metrics);
    }
}
