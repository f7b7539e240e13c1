package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.firebreak.starter.FirebreakProperties.Pool;
import dev.firebreak.starter.database.PasswordFile;
import dev.firebreak.starter.database.PostgresSource;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Opens the pools of {@code firebreak.pools.*}, each at most once, and closes them with the context. A service makes its
 * {@link DataSource} beans with it. Opening needs no database: a pool connects when it can, and recovers by itself.
 */
public final class Pools implements HealthReasons, AutoCloseable {
    /** Past this a caller is better told to come back; the deadline of a request is a few seconds. */
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(1);

    private static final Duration VALIDATION = Duration.ofMillis(500);
    /** Connections move to a new database server within this time after a fail-over that did not cut them. */
    private static final Duration LIFE_OF_CONNECTION = Duration.ofMinutes(15);

    private static final Duration KEEPALIVE = Duration.ofSeconds(60);
    /** Twice the longest deadline of a request: what holds a connection longer has forgotten it. */
    private static final Duration LEAK_AFTER = Duration.ofSeconds(10);

    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** Above the role's statement_timeout of 3 s, below the 5 s in which a hung database must be told to the caller. */
    private static final Duration READ = Duration.ofSeconds(4);

    private static final Duration PROBE_EVERY = Duration.ofSeconds(1);
    /** The driver counts in whole seconds. */
    private static final Duration PROBE_WAIT = Duration.ofSeconds(1);

    private final Map<String, Pool> configured;
    private final String node;
    private final MeterRegistry metrics;
    private final InstantSource clock;

    private final Map<String, HikariDataSource> open = new LinkedHashMap<>();
    private final List<PoolProbe> probes = new CopyOnWriteArrayList<>();
    private final List<Thread> probeThreads = new CopyOnWriteArrayList<>();

    Pools(Map<String, Pool> configured, String node, MeterRegistry metrics, InstantSource clock) {
        this.configured = Map.copyOf(configured);
        this.node = node;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Opens a pool whose schema nobody asks about, for instance a second pool on the same database. */
    public DataSource open(String name) {
        return open(name, 0);
    }

    /**
     * Opens a pool. A transaction takes its connection with its first statement, so that one without SQL takes none.
     *
     * @param expectedSchema least migration version that the code works with; until it was seen, the process is not ready
     */
    public synchronized DataSource open(String name, int expectedSchema) {
        Pool pool = configured.get(name);
        if (pool == null) {
            throw new IllegalStateException("firebreak.pools." + name + " is missing: this service needs that pool");
        }
        if (open.containsKey(name)) {
            throw new IllegalStateException("The pool " + name + " is open already: inject its DataSource instead");
        }
        HikariDataSource connections = new HikariDataSource(settings(name, pool));
        open.put(name, connections);
        watch(name, pool, expectedSchema);

        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
        // Said here, because otherwise the proxy would ask the database at start.
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        lazy.setTargetDataSource(new PoolDataSource(connections, clock));
        return lazy;
    }

    private HikariConfig settings(String name, Pool pool) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName(name);
        settings.setDataSource(source(pool, node, CONNECT, READ));
        settings.setMaximumPoolSize(pool.size());
        settings.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        settings.setValidationTimeout(VALIDATION.toMillis());
        settings.setMaxLifetime(LIFE_OF_CONNECTION.toMillis());
        settings.setKeepaliveTime(KEEPALIVE.toMillis());
        settings.setLeakDetectionThreshold(LEAK_AFTER.toMillis());
        // Start without waiting for the database.
        settings.setInitializationFailTimeout(-1);
        settings.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics));
        return settings;
    }

    private void watch(String name, Pool pool, int expectedSchema) {
        PoolProbe probe =
                new PoolProbe(name, expectedSchema, source(pool, node + "-probe", PROBE_WAIT, PROBE_WAIT), PROBE_EVERY);
        Gauge.builder("firebreak.pool.reachable", probe, it -> it.isReachable() ? 1 : 0)
                .description("1 if the last background look reached the database")
                .tag("pool", name)
                .register(metrics);
        probes.add(probe);
        probeThreads.add(Thread.ofVirtual().name("probe-" + name).start(probe));
    }

    private static PostgresSource source(Pool pool, String application, Duration connect, Duration read) {
        return new PostgresSource(
                pool.host(),
                pool.port(),
                pool.database(),
                pool.user(),
                new PasswordFile(pool.passwordFile()),
                application,
                connect,
                read);
    }

    @Override
    public List<HealthReason> current() {
        return probes.stream().flatMap(probe -> probe.reasons().stream()).toList();
    }

    @Override
    public synchronized void close() {
        probeThreads.forEach(Thread::interrupt);
        open.values().forEach(HikariDataSource::close);
    }
}
