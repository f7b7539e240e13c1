package dev.firebreak.starter.test;

import dev.firebreak.contracts.capacity.RoleTimeouts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Real PostgreSQL for tests: one cluster a JVM, started by its first use, and for each test class a database of its own,
 * cloned from a template that Flyway migrated once. Server-side time-outs are those of production.
 */
public final class TestPostgres {
    private static final String LOCATION = "classpath:db/migration";
    private static final String USER = "postgres";
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Map<String, String> TEMPLATES = new ConcurrentHashMap<>();

    private TestPostgres() {}

    /** A database with the migrations of {@code db/migration} on the class path. */
    public static Database migrated() {
        return create(TEMPLATES.computeIfAbsent(LOCATION, TestPostgres::template));
    }

    /** A database without any table. */
    public static Database empty() {
        return create("template1");
    }

    /** Makes a migrated database and sets {@code firebreak.pools.<pool>.*} to it, the size left to the test. */
    public static Database register(DynamicPropertyRegistry registry, String pool) {
        Database database = migrated();
        register(registry, pool, database, database.port());
        return database;
    }

    /** Sets {@code firebreak.pools.<pool>.*} to the database as seen through another port, such as a proxy's. */
    public static void register(DynamicPropertyRegistry registry, String pool, Database database, int port) {
        properties(pool, database, port).forEach((key, value) -> registry.add(key, () -> value));
    }

    /** The keys of one pool, for tests that start a service by hand. */
    public static Map<String, String> properties(String pool, Database database, int port) {
        String prefix = "firebreak.pools." + pool + ".";
        return Map.of(
                prefix + "host", "127.0.0.1",
                prefix + "port", String.valueOf(port),
                prefix + "database", database.name(),
                prefix + "user", database.user(),
                prefix + "password-file", database.passwordFile().toString());
    }

    /**
     * One database on 127.0.0.1.
     *
     * @param passwordFile holds what the server accepts for {@code user}
     */
    public record Database(int port, String name, String user, Path passwordFile) {
        /** A connection that no pool knows of. */
        public Connection open() throws SQLException {
            return DriverManager.getConnection(url(), user, "postgres");
        }

        /** JDBC URL without credentials. */
        public String url() {
            return "jdbc:postgresql://127.0.0.1:" + port + "/" + name;
        }
    }

    private static Database create(String template) {
        String name = "test_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name + " TEMPLATE " + template);
        // The roles of production carry these; a test must meet them too.
        RoleTimeouts.settings()
                .forEach((setting, value) ->
                        execute("ALTER DATABASE " + name + " SET " + setting + " = " + value.toMillis()));
        return new Database(Cluster.POSTGRES.getPort(), name, USER, Cluster.PASSWORD_FILE);
    }

    private static String template(String location) {
        String name = "migrated_" + DATABASES.incrementAndGet();
        execute("CREATE DATABASE " + name);
        Flyway.configure()
                .dataSource(Cluster.POSTGRES.getJdbcUrl(USER, name), USER, USER)
                .locations(location)
                .load()
                .migrate();
        return name;
    }

    private static void execute(String sql) {
        try (Connection connection = Cluster.POSTGRES.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Starts with its first use and ends with the JVM. */
    private static final class Cluster {
        static final EmbeddedPostgres POSTGRES = start();
        static final Path PASSWORD_FILE = passwordFile();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        // A machine that others load starts it in far more than the usual second.
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException("The test database did not start", e);
            }
        }

        private static Path passwordFile() {
            try {
                Path file = Files.createTempFile("firebreak-test", ".password");
                file.toFile().deleteOnExit();
                return Files.writeString(file, "postgres\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
