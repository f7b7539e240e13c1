package dev.firebreak.starter.pool;

import dev.firebreak.starter.health.HealthReason;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One database as this process sees it: its pools, and the one probe and breaker that they share. */
final class WatchedDatabase implements AutoCloseable {
    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);

    private final DatabaseBreaker breaker = new DatabaseBreaker();
    private final PoolProbe probe;
    private final List<OpenPool> pools = new CopyOnWriteArrayList<>();
    private final String name;
    private @Nullable Thread thread;

    /**
     * @param name in words, and what tells one database from another: pools of several roles share its fate
     * @param source opens the probe's connection
     */
    WatchedDatabase(String name, DataSource source, LeakWatch leaks, InstantSource clock) {
        this.name = name;
        this.probe = new PoolProbe(name, source, PROBE_EVERY, breaker, clock, () -> pools.forEach(leaks::look));
    }

    DatabaseBreaker breaker() {
        return breaker;
    }

    PoolProbe probe() {
        return probe;
    }

    /** Watches the database from now on for this pool too. */
    synchronized void add(OpenPool pool, int expectedSchema) {
        pools.add(pool);
        breaker.register(pool);
        probe.expect(expectedSchema);
        if (thread == null) {
            // Not a virtual one: requests that keep the carriers busy must not keep anybody from seeing how things are.
            thread = Thread.ofPlatform().daemon().name("probe " + name).start(probe);
        }
    }

    String name() {
        return name;
    }

    List<HealthReason> reasons() {
        return Stream.concat(probe.reasons().stream(), pools.stream().flatMap(pool -> pool.reasons().stream()))
                .toList();
    }

    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
        }
        breaker.end();
        pools.forEach(pool -> pool.hikari().close());
    }
}
