package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.WithStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What a request costs in SQL, as the databases themselves write it down: every statement of every session is logged for
 * the length of the test.
 */
@WithStack
class StatementCountIT {
    private static final int REQUESTS = 40;
    /**
     * What runs whether anybody asks or not: the look whether the database is there, keys, revocations, nodes, purges; and the
     * empty statement by which the pool asks a connection that has been idle whether it is alive.
     */
    private static final Pattern CLOCKWORK = Pattern.compile(
            "(?i): (SELECT 1)?\\s*$"
                    + "|\\b(signing_key|signing_key_set|refresh_mac_key|revocation|trust_state|auth_node|verifier|signing_lease)\\b|\\b(DELETE FROM|pg_roles)\\b");

    private final SystemStack stack;

    StatementCountIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    void aTaskListCostsOneStatementAtItsOwnDatabaseAndNoneAtAnyOther() {
        Person person = stack.users().create();
        Browser browser = stack.users().signedIn(person);
        String bearer = stack.users().bearer(person);
        Tasks byCookie = Tasks.of(browser);
        Tasks byToken = Tasks.of(stack.api(bearer));
        byCookie.added();
        byToken.list().expect(200);

        List<String> tasksDb;
        List<String> authDb;
        try (StatementLog tasksLog = new StatementLog(Part.TASKS_DB, "tasks_app");
                StatementLog authLog = new StatementLog(Part.AUTH_DB, "auth_app")) {
            for (int i = 0; i < REQUESTS; i++) {
                (i % 2 == 0 ? byCookie : byToken).list().expect(200);
            }
            tasksDb = tasksLog.statements();
            authDb = authLog.statements();
        }

        Figures.record("SQL of one GET /api/v1/tasks", "statements at tasks-db", tasksDb.size() + " for " + REQUESTS);
        Figures.record(
                "SQL of one GET /api/v1/tasks",
                "statements at auth-db that a request caused",
                authDb.size() + " for " + REQUESTS);
        assertThat(tasksDb)
                .as("statements at tasks-db")
                .hasSize(REQUESTS)
                .allSatisfy(statement ->
                        assertThat(statement).containsIgnoringCase("select").containsPattern("(?i)from\\s+task\\b"));
        assertThat(authDb).as("statements at auth-db").isEmpty();
    }

    /** Every statement that a service executes at its database while this is open, its own clockwork left out. */
    private final class StatementLog implements AutoCloseable {
        private final Part cluster;
        private final String service;
        private final int begin;

        StatementLog(Part cluster, String service) {
            this.cluster = cluster;
            this.service = " " + service + "@";
            order("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()");
            begin = mark();
        }

        List<String> statements() {
            int end = mark();
            // A statement goes over several lines; a new entry begins with its time.
            return Arrays.stream(text().substring(begin, end).split("\\n(?=\\d{4}-\\d\\d-\\d\\d )"))
                    .filter(entry -> entry.contains(service))
                    .filter(entry -> entry.contains(" execute ") || entry.contains(" statement: "))
                    .filter(entry -> !CLOCKWORK.matcher(entry).find())
                    .toList();
        }

        @Override
        public void close() {
            order("ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()");
        }

        /** Where the log is now: a statement of our own is looked for until it stands there. */
        private int mark() {
            String mark = "mark " + UUID.randomUUID();
            return Await.until(
                    "statements are logged",
                    Duration.ofSeconds(10),
                    () -> {
                        order("SELECT '" + mark + "'");
                        return text().indexOf(mark);
                    },
                    at -> at >= 0);
        }

        private void order(String... statements) {
            try (Connection connection = stack.superuser(cluster);
                    var statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private String text() {
            try {
                return Files.readString(stack.log(cluster));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
