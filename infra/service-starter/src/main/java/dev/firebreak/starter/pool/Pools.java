package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.FirebreakProperties.Pool;
import dev.firebreak.starter.Profile;
import dev.firebreak.starter.database.Database;
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
    private final Profile profile;
    private final String node;
    private final MeterRegistry metrics;
    private final InstantSource clock;

    private final Map<String, HikariDataSource> open = new LinkedHashMap<>();
    private final List<PoolProbe> probes = new CopyOnWriteArrayList<>();
    private final List<Thread> probeThreads = new CopyOnWriteArrayList<>();

    Pools(FirebreakProperties properties, MeterRegistry metrics, InstantSource clock) {
        this.configured = properties.pools();
        this.profile = properties.profile();
        this.node = properties.node();
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
        Database database = pool.target(profile);
        HikariConfig settings = settings(name, pool.size(), database, node);
        settings.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics));
        HikariDataSource connections = new HikariDataSource(settings);
        open.put(name, connections);
        watch(name, database, expectedSchema);

        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
        // Said here, because otherwise the proxy would ask the database at start.
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        lazy.setTargetDataSource(new PoolDataSource(connections, clock));
        return lazy;
    }

    /** Everything that is fixed; docs/configuration.md gives the reasons and is compared with this. */
    static HikariConfig settings(String name, int size, Database database, String node) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName(name);
        settings.setDataSource(new PostgresSource(database, node, CONNECT, READ));
        settings.setMaximumPoolSize(size);
        settings.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        settings.setValidationTimeout(VALIDATION.toMillis());
        settings.setMaxLifetime(database.pooler().lifeOfConnection().toMillis());
        settings.setKeepaliveTime(KEEPALIVE.toMillis());
        settings.setLeakDetectionThreshold(LEAK_AFTER.toMillis());
        // Start without waiting for the database.
        settings.setInitializationFailTimeout(-1);
        return settings;
    }

    private void watch(String name, Database database, int expectedSchema) {
        PoolProbe probe = new PoolProbe(
                name,
                expectedSchema,
                new PostgresSource(database, node + "-probe", PROBE_WAIT, PROBE_WAIT),
                PROBE_EVERY);
        Gauge.builder("firebreak.pool.reachable", probe, it -> it.isReachable() ? 1 : 0)
                .description("1 if the last background look reached the database")
                .tag("pool", name)
                .register(metrics);
        probes.add(probe);
        probeThreads.add(Thread.ofVirtual().name("probe-" + name).start(probe));
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
