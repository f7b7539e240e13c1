package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ConnectionLimitIT {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SOON = Duration.ofMillis(50);
    private static int roles;

    final TestPostgres.Database database = TestPostgres.empty();
    final String role = "limited_" + ++roles;
    ConnectionLimit limit;
    Thread thread;

    @BeforeEach
    void start() throws SQLException {
        execute("CREATE ROLE " + role + " LOGIN CONNECTION LIMIT 19");
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.url());
        source.setUser(role);
        limit = new ConnectionLimit(source, new ConnectionBudget(1, 1, 8, 1), SOON, SOON);
    }

    @AfterEach
    void stop() throws Exception {
        thread.interrupt();
        thread.join();
        execute("DROP ROLE " + role);
    }

    @Test
    void saysOnceWithItsNumbersThatTheRoleMayOpenTooFewUntilSomebodyMendsIt(CapturedOutput output) throws Exception {
        thread = Thread.ofVirtual().start(limit);
        Eventually.within(PATIENCE, "it is noticed", limit::isShort);

        execute("ALTER ROLE " + role + " CONNECTION LIMIT 20");
        Eventually.within(PATIENCE, "it is mended", () -> !limit.isShort());

        thread.join(PATIENCE);
        assertThat(thread.isAlive()).as("nothing left to look at").isFalse();
        assertThat(output.getAll().lines().filter(line -> line.contains("may open")))
                .singleElement()
                .asString()
                .contains("ERROR")
                .contains("The role " + role
                        + " may open 19 connections but (1 nodes + 1 surge) × (8 pooled + 1 listeners)"
                        + " + 2 = 20 are needed");
    }

    @Test
    void aRoleWithoutAnyConnectionLeftIsTooShortToo(CapturedOutput output) throws Exception {
        execute("ALTER ROLE " + role + " CONNECTION LIMIT 1");
        try (Connection held = DriverManager.getConnection(database.url(), role, "")) {
            assertThat(held.isValid(5)).isTrue();
            thread = Thread.ofVirtual().start(limit);

            Eventually.within(PATIENCE, "it is noticed", limit::isShort);
        }
        assertThat(output.getAll())
                .contains("has no connection left for this role")
                .contains("+ 2 = 20");
    }

    @Test
    void whatCannotBeReachedIsNotCalledShort() throws Exception {
        PGSimpleDataSource nobody = new PGSimpleDataSource();
        // Nobody listens on port 1 of this machine.
        nobody.setUrl("jdbc:postgresql://127.0.0.1:1/x");
        limit = new ConnectionLimit(nobody, new ConnectionBudget(1, 1, 8, 1), SOON, SOON);
        thread = Thread.ofVirtual().start(limit);

        assertThat(thread.join(Duration.ofMillis(500))).as("it goes on trying").isFalse();
        assertThat(limit.isShort()).isFalse();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.open()) {
            connection.createStatement().execute(sql);
        }
    }
}
