package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariDataSource;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Pools on one database, without a service around them. */
final class TestPools implements AutoCloseable {
    final MeterRegistry metrics = new SimpleMeterRegistry();
    final Pools pools;

    TestPools(Map<String, String> keys, boolean refuseNested, Duration leakAfter) {
        FirebreakProperties properties = new Binder(List.of(new MapConfigurationPropertySource(keys)))
                .bind("firebreak", FirebreakProperties.class)
                .get();
        this.pools = new Pools(
                properties, new NestingRule(refuseNested), new LeakWatch(leakAfter), metrics, Clock.systemUTC());
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
        Map<String, String> keys = new TreeMap<>(Map.of(
                "firebreak.profile", "local",
                "firebreak.run", "serve",
                "firebreak.node", "test",
                "firebreak.issuer", "http://localhost/auth",
                "firebreak.public-origin", "http://localhost"));
        for (String pool : List.of("a", "b")) {
            keys.putAll(TestPostgres.properties(pool, database, port));
            keys.put("firebreak.pools." + pool + ".size", String.valueOf(size));
            keys.put("firebreak.pools." + pool + ".max-waiters", String.valueOf(maxWaiters));
        }
        return new TestPools(keys, refuseNested, leakAfter);
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
