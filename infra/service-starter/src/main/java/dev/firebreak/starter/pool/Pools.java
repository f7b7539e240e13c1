package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.FirebreakProperties.Pool;
import dev.firebreak.starter.Profile;
import dev.firebreak.starter.database.Database;
import dev.firebreak.starter.database.PostgresSource;
import dev.firebreak.starter.gate.PoolGate;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;

/**
 * Opens the pools of {@code firebreak.pools.*}, each at most once and behind a gate, and closes them with the context. A
 * service makes its {@link DataSource} beans with it. Opening needs no database: a pool connects when it can, and recovers
 * by itself.
 */
public final class Pools implements HealthReasons, AutoCloseable {
    /** HikariCP wants one; each caller brings its own time. */
    private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(1);

    private static final Duration VALIDATION = Duration.ofMillis(500);
    private static final Duration KEEPALIVE = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** Above the role's statement_timeout of 3 s, below the 5 s in which a hung database must be told to the caller. */
    private static final Duration READ = Duration.ofSeconds(4);
    /** The driver counts in whole seconds. */
    private static final Duration PROBE_WAIT = Duration.ofSeconds(1);

    private final Map<String, Pool> configured;
    private final Profile profile;
    private final String node;
    private final NestingRule nesting;
    private final LeakWatch leaks;
    private final MeterRegistry metrics;
    private final InstantSource clock;

    /** Read without a lock: health must not wait for a pool that is being closed. */
    private final List<WatchedDatabase> databases = new CopyOnWriteArrayList<>();

    private final List<OpenPool> open = new CopyOnWriteArrayList<>();

    Pools(
            FirebreakProperties properties,
            NestingRule nesting,
            LeakWatch leaks,
            MeterRegistry metrics,
            InstantSource clock) {
        this.configured = properties.pools();
        this.profile = properties.profile();
        this.node = properties.node();
        this.nesting = nesting;
        this.leaks = leaks;
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
        if (open.stream().anyMatch(it -> it.name().equals(name))) {
            throw new IllegalStateException("The pool " + name + " is open already: inject its DataSource instead");
        }
        Database target = pool.target(profile);
        WatchedDatabase database = watched(target);
        OpenPool opened = connect(name, pool, target, database);
        open.add(opened);
        database.add(opened, expectedSchema);

        LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy();
        // Said here, because otherwise the proxy would ask the database at start.
        lazy.setDefaultAutoCommit(true);
        lazy.setDefaultTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        lazy.setTargetDataSource(new GatedDataSource(opened, nesting, clock));
        return lazy;
    }

    private WatchedDatabase watched(Database target) {
        String name = target.endpoint().toString();
        return databases.stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseGet(() -> {
                    DataSource source = new PostgresSource(target, node + "-probe", PROBE_WAIT, PROBE_WAIT);
                    WatchedDatabase database = new WatchedDatabase(name, source, leaks, clock);
                    databases.add(database);
                    return database;
                });
    }

    private OpenPool connect(String name, Pool pool, Database target, WatchedDatabase database) {
        PostgresSource source = source(target, node);
        source.setSocketFactory(MeasuredSockets.class.getName());
        source.setSslfactory(MeasuredTls.class.getName());
        source.setSslHostnameVerifier(MeasuredHostname.class.getName());
        PoolMeters meters = new PoolMeters(name, metrics);
        RecentFigures recent = new RecentFigures(System::nanoTime);
        ConnectionMaker maker =
                new ConnectionMaker(source, database.breaker(), meters, recent, clock, database.probe()::lookSoon);
        PoolGate gate = new PoolGate(name, pool.size(), pool.waiters());
        HikariConfig settings = settings(name, pool.size(), target);
        settings.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(metrics));
        OpenPool opened = new OpenPool(gate, settings, maker, database, meters, recent);
        PoolGauges.register(opened, database.probe(), metrics);
        return opened;
    }

    /** Everything that is fixed; docs/configuration.md gives the reasons and is compared with this. */
    static HikariConfig settings(String name, int size, Database target) {
        HikariConfig settings = new HikariConfig();
        settings.setPoolName(name);
        settings.setMaximumPoolSize(size);
        settings.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
        settings.setValidationTimeout(VALIDATION.toMillis());
        settings.setMaxLifetime(target.pooler().lifeOfConnection().toMillis());
        settings.setKeepaliveTime(KEEPALIVE.toMillis());
        // Start without waiting for the database.
        settings.setInitializationFailTimeout(-1);
        return settings;
    }

    static PostgresSource source(Database target, String node) {
        return new PostgresSource(target, node, CONNECT, READ);
    }

    /** Every open pool, in the order of opening. */
    List<OpenPool> all() {
        return List.copyOf(open);
    }

    @Override
    public List<HealthReason> current() {
        return databases.stream()
                .flatMap(database -> database.reasons().stream())
                .toList();
    }

    @Override
    public synchronized void close() {
        databases.forEach(WatchedDatabase::close);
    }
}
