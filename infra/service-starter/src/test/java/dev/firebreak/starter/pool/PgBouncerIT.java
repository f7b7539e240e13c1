package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.SecureCluster;
import dev.firebreak.starter.test.TestPgBouncer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A pool behind the distribution's PgBouncer in transaction mode: eight connections here are three at the server. */
class PgBouncerIT {
    private static final int SESSIONS = 3;
    private static final int SIZE = 8;
    private static final int STATEMENTS = 400;
    private static final String PASSWORD = "p=@%#\"w x";

    @TempDir
    static Path folder;

    static SecureCluster cluster;
    static TestPgBouncer bouncer;
    static Path password;

    @BeforeAll
    static void start() throws IOException {
        cluster = SecureCluster.start(folder);
        password = cluster.role("tasks_app", PASSWORD);
        bouncer = bouncer("bouncer");
    }

    private static TestPgBouncer bouncer(String name) throws IOException {
        return TestPgBouncer.start(
                Files.createDirectory(folder.resolve(name)),
                cluster.port(),
                SecureCluster.DATABASE,
                "tasks_app",
                PASSWORD,
                SESSIONS);
    }

    @AfterAll
    static void stop() throws IOException {
        bouncer.close();
        cluster.close();
    }

    @Test
    void hundredsOfStatementsFromManyThreadsAllSucceed() throws Exception {
        try (Pools pools = pools(bouncer, "pgbouncer")) {
            assertThat(failures(opened(pools))).isEmpty();
        }
    }

    /** Without it they meet sessions that do not know their prepared statements: what the switch is for. */
    @Test
    void withoutTheSwitchTheyDoNot() throws Exception {
        // One of its own, because what these statements leave in its sessions would stay there.
        try (TestPgBouncer other = bouncer("other");
                Pools pools = pools(other, "none")) {
            // invalid_sql_statement_name, duplicate_prepared_statement
            assertThat(failures(opened(pools))).isNotEmpty().containsAnyOf("26000", "42P05");
        }
    }

    @Test
    void timeOutsOfTheRoleHoldAndNothingIsLeftInASession() throws SQLException {
        try (Pools pools = pools(bouncer, "pgbouncer");
                Connection connection = opened(pools).getConnection()) {
            assertThat(ask(connection, "SHOW statement_timeout")).isEqualTo("3s");
            assertThat(ask(connection, "SHOW lock_timeout")).isEqualTo("1s");
            assertThat(ask(connection, "SHOW idle_in_transaction_session_timeout"))
                    .isEqualTo("5s");
            for (int i = 0; i < 20; i++) {
                assertThat(ask(connection, "SELECT count(*) FROM pg_prepared_statements"))
                        .isEqualTo("0");
            }
            assertThat(Integer.parseInt(
                            ask(connection, "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user")))
                    .isLessThanOrEqualTo(SESSIONS);
        }
    }

    /** The pool, full: on a machine that others load, opening it may take longer than a caller waits. */
    private static DataSource opened(Pools pools) {
        DataSource tasks = pools.open("tasks");
        Eventually.within(
                Duration.ofSeconds(60),
                "all connections are open",
                () -> pools.all().getFirst().isFullyOpen());
        return tasks;
    }

    /** SQLSTATEs of what failed. */
    private static Queue<String> failures(DataSource tasks) throws InterruptedException {
        Queue<String> failures = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(SIZE)) {
            threads.invokeAll(IntStream.range(0, STATEMENTS)
                    .mapToObj(i -> Executors.callable(() -> {
                        try (Connection connection = tasks.getConnection();
                                PreparedStatement statement =
                                        connection.prepareStatement("SELECT ?::int + 1 FROM pg_sleep(0.002)")) {
                            statement.setInt(1, i);
                            try (ResultSet answer = statement.executeQuery()) {
                                answer.next();
                                assertThat(answer.getInt(1)).isEqualTo(i + 1);
                            }
                        } catch (SQLException e) {
                            failures.add(String.valueOf(e.getSQLState()));
                        } catch (RuntimeException e) {
                            failures.add(e.toString());
                        }
                    }))
                    .toList());
        }
        return failures;
    }

    private static Pools pools(TestPgBouncer at, String pooler) {
        Map<String, String> keys = new TreeMap<>(Map.of(
                "firebreak.profile", "local",
                "firebreak.run", "serve",
                "firebreak.node", "test-1",
                "firebreak.issuer", "http://localhost/auth",
                "firebreak.public-origin", "http://localhost"));
        String prefix = "firebreak.pools.tasks.";
        keys.put(prefix + "jdbc-url", "jdbc:postgresql://127.0.0.1:" + at.port() + "/" + SecureCluster.DATABASE);
        keys.put(prefix + "user", "tasks_app");
        keys.put(prefix + "password-file", password.toString());
        keys.put(prefix + "pooler", pooler);
        keys.put(prefix + "size", String.valueOf(SIZE));
        keys.put(prefix + "max-waiters", String.valueOf(4 * STATEMENTS));
        FirebreakProperties properties = new Binder(List.of(new MapConfigurationPropertySource(keys)))
                .bind("firebreak", FirebreakProperties.class)
                .get();
        return new Pools(
                properties, new NestingRule(true), new LeakWatch(), new SimpleMeterRegistry(), InstantSource.system());
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet answer = statement.executeQuery()) {
            answer.next();
            return answer.getString(1);
        }
    }
}
