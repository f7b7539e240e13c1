package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariDataSource;
import dev.firebreak.starter.FirebreakProperties.Pool;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;

/** Pools on one database, without a service around them. */
final class TestPools implements AutoCloseable {
    final MeterRegistry metrics = new SimpleMeterRegistry();
    final Pools pools;

    private TestPools(Map<String, Pool> configured, boolean refuseNested, Duration leakAfter) {
        this.pools = new Pools(
                configured,
                "test",
                new NestingRule(refuseNested),
                new LeakWatch(leakAfter),
                metrics,
                Clock.systemUTC());
    }

    /** The pools {@code a} and {@code b}, of the same size. */
    static TestPools of(TestPostgres.Database database, int port, int size, int maxWaiters, boolean refuseNested) {
        return of(database, port, size, maxWaiters, refuseNested, Duration.ofSeconds(10));
    }

    static TestPools of(
            TestPostgres.Database database,
            int port,
            int size,
            int maxWaiters,
            boolean refuseNested,
            Duration leakAfter) {
        Pool pool = new Pool(
                "127.0.0.1", port, database.name(), database.user(), database.passwordFile(), size, maxWaiters);
        return new TestPools(Map.of("a", pool, "b", pool), refuseNested, leakAfter);
    }

    /** Opens it and waits until all its connections are. */
    DataSource open(String name) {
        DataSource pool = pools.open(name);
        Eventually.within(Duration.ofSeconds(30), "all open", () -> pool(name).isFullyOpen());
        return pool;
    }

    OpenPool pool(String name) {
        return pools.all().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    HikariDataSource hikari(String name) {
        return pool(name).hikari();
    }

    double count(String meter, String... tags) {
        return metrics.get(meter).tags(tags).counter().count();
    }

    /** One statement over a connection of the pool. */
    static void use(DataSource pool) throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("SELECT 1");
        }
    }

    @Override
    public void close() {
        pools.close();
    }
}
