package dev.firebreak.stack.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.stack.config.PartConfig;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.Passwords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One real cluster, made once; each test leaves it running. */
class PostgresClusterIT {
    @TempDir
    static Path temp;

    static StackFolder folder;
    static int port;
    static PostgresBinaries binaries;
    static PostgresCluster cluster;

    @BeforeAll
    static void make() {
        folder = new StackFolder(temp.resolve("a folder with blanks"));
        folder.create();
        binaries = PostgresBinaries.unpack(
                Path.of(System.getProperty("user.home"), ".cache", "firebreak", "postgres"), InstantSource.system());
        port = Ports.free(new Random()).tasksDb();
        cluster = new PostgresCluster(Part.TASKS_DB, folder, port);
        cluster.start(binaries);
        cluster.grant();
    }

    @AfterAll
    static void stop() {
        cluster.stop();
    }

    @BeforeEach
    void runs() {
        if (cluster.process().find().isEmpty()) {
            cluster.start(binaries);
        }
    }

    @Test
    void refusesEveryRoleWithoutItsPassword() throws IOException {
        assertThat(Files.readAllLines(folder.data(Part.TASKS_DB).resolve("pg_hba.conf")))
                .filteredOn(line -> !line.isBlank() && !line.startsWith("#"))
                .isNotEmpty()
                .allMatch(line -> line.endsWith("scram-sha-256"));
        for (String role : List.of("postgres", "tasks_app", "tasks_migrator")) {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> open(role, "wrong"))
                    .extracting(SQLException::getSQLState)
                    .isEqualTo("28P01");
        }
    }

    @Test
    void storesNoPasswordButScramVerifiers() throws SQLException {
        assertThat(column("SELECT rolpassword FROM pg_authid WHERE rolcanlogin"))
                .hasSize(3)
                .allMatch(stored -> stored.startsWith("SCRAM-SHA-256$4096:"));
        assertThat(folder.log(Part.TASKS_DB)).content().doesNotContain(Passwords.read(folder.password("tasks_app")));
    }

    @Test
    void keepsWhatItAcknowledges() throws SQLException {
        assertThat(column("SELECT name || '=' || setting FROM pg_settings WHERE name IN"
                        + " ('fsync','synchronous_commit','full_page_writes','data_checksums','password_encryption',"
                        + "'listen_addresses','unix_socket_directories') ORDER BY 1"))
                .containsExactly(
                        "data_checksums=on",
                        "fsync=on",
                        "full_page_writes=on",
                        "listen_addresses=127.0.0.1",
                        "password_encryption=scram-sha-256",
                        "synchronous_commit=on",
                        "unix_socket_directories=");
    }

    @Test
    void recoversEveryAcknowledgedRowAfterKill9() throws SQLException {
        try (Connection migrator = open("tasks_migrator");
                Statement statement = migrator.createStatement()) {
            statement.execute("CREATE TABLE acknowledged (n int PRIMARY KEY)");
        }
        int acknowledged = 0;
        try (Connection app = open("tasks_app");
                Statement statement = app.createStatement()) {
            for (int i = 1; i <= 200; i++) {
                statement.execute("INSERT INTO acknowledged VALUES (" + i + ")");
                acknowledged = i;
                if (i == 150) {
                    cluster.process().kill();
                }
            }
        } catch (SQLException killed) {
            assertThat(acknowledged).isEqualTo(150);
        }
        assertThat(folder.data(Part.TASKS_DB).resolve("postmaster.pid")).exists();

        cluster.start(binaries);

        assertThat(column("SELECT count(*) FROM acknowledged")).containsExactly("150");
    }

    @Test
    void startsOverALockFileWhosePidBelongsToAStranger() throws IOException {
        cluster.process().kill();
        Path lock = folder.data(Part.TASKS_DB).resolve("postmaster.pid");
        List<String> lines = new ArrayList<>(Files.readAllLines(lock));
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(lock, lines);

        cluster.start(binaries);

        assertThat(cluster.accepts()).isTrue();
    }

    @Test
    void limitsConnectionsOfEachRole() throws SQLException {
        List<Connection> open = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                open.add(open("tasks_migrator"));
            }
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> open("tasks_migrator"))
                    .extracting(SQLException::getSQLState)
                    .isEqualTo("53300");
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
        assertThat(column("SELECT rolname || ' ' || rolconnlimit FROM pg_roles WHERE rolname LIKE 'tasks%' ORDER BY 1"))
                .containsExactly("tasks_app 60", "tasks_migrator 3");
    }

    @ParameterizedTest
    @EnumSource(names = {"AUTH_SERVER", "TASK_SERVICE"})
    void grantsWhatTheNodesOfEachServiceMayOpen(Part service) throws SQLException {
        PartConfig config = new PartConfig(folder, Ports.defaults());
        config.write(service, Map.of());
        ConnectionBudget budget = config.budget(service).orElseThrow();

        assertThat(budget.nodes()).isEqualTo(2);
        assertThat(budget.surge()).isEqualTo(1);
        assertThat(budget.shortage(cluster.limits())).isEmpty();
        assertThat(cluster.limits().role()).isEqualTo("tasks_app");
        assertThat(cluster.limits().granted()).isEqualTo(63);
    }

    @Test
    void letsTheApplicationUseWhatTheMigratorMakesAndNothingElse() throws SQLException {
        try (Connection migrator = open("tasks_migrator");
                Statement statement = migrator.createStatement()) {
            statement.execute("CREATE TABLE note (id bigint GENERATED BY DEFAULT AS IDENTITY, body text)");
        }
        try (Connection app = open("tasks_app");
                Statement statement = app.createStatement()) {
            statement.execute("INSERT INTO note (body) VALUES ('x')");
            statement.execute("UPDATE note SET body = 'y'");
            statement.execute("DELETE FROM note");
            for (String forbidden : List.of(
                    "CREATE TABLE mine (id int)",
                    "DROP TABLE note",
                    "TRUNCATE note",
                    "CREATE TEMPORARY TABLE t (id int)")) {
                assertThatExceptionOfType(SQLException.class)
                        .as(forbidden)
                        .isThrownBy(() -> statement.execute(forbidden))
                        .extracting(SQLException::getSQLState)
                        .isEqualTo("42501");
            }
            assertThat(value(statement, "SHOW statement_timeout")).isEqualTo("3s");
            assertThat(value(statement, "SHOW lock_timeout")).isEqualTo("1s");
            assertThat(value(statement, "SHOW idle_in_transaction_session_timeout"))
                    .isEqualTo("5s");
        }
        assertThatExceptionOfType(SQLException.class)
                .as("the maintenance database is nobody's")
                .isThrownBy(() -> DriverManager.getConnection(
                        url("postgres"), "tasks_app", Passwords.read(folder.password("tasks_app"))));
    }

    @Test
    void hangsWhileSuspendedAndServesAgainAfterwards() throws SQLException {
        try (Connection before = open("tasks_app");
                Statement statement = before.createStatement()) {
            cluster.process().suspend();
            try {
                statement.setQueryTimeout(0);
                before.setNetworkTimeout(Runnable::run, 500);
                assertThatExceptionOfType(SQLException.class).isThrownBy(() -> statement.execute("SELECT 1"));
            } finally {
                cluster.process().resume();
            }
        }
        assertThat(cluster.accepts()).isTrue();
    }

    @Test
    void stopsEvenWhileSuspended() {
        cluster.process().suspend();

        cluster.process().stop(Duration.ofSeconds(20));

        assertThat(cluster.process().find()).isEmpty();
    }

    @Test
    void repeatsItsGrantsWithoutHarm() throws SQLException {
        cluster.grant();

        try (Connection app = open("tasks_app")) {
            assertThat(app.isValid(1)).isTrue();
        }
    }

    @Test
    void isFoundAgainWithoutItsRunFile() throws IOException {
        long pid = cluster.process().find().orElseThrow().pid();
        Files.delete(folder.run(Part.TASKS_DB));

        PostgresCluster other = new PostgresCluster(Part.TASKS_DB, folder, port);

        assertThat(other.process().find().orElseThrow().pid()).isEqualTo(pid);
    }

    @Test
    void refusesADataDirectoryOfAnotherVersion() throws IOException {
        StackFolder old = new StackFolder(temp.resolve("old"));
        old.create();
        Files.createDirectories(old.data(Part.TASKS_DB));
        Files.writeString(old.data(Part.TASKS_DB).resolve("PG_VERSION"), "14\n");

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> new PostgresCluster(Part.TASKS_DB, old, port).start(binaries))
                .withMessageContaining("was made by PostgreSQL 14, this is 18")
                .extracting(StackException::advice)
                .asString()
                .contains("--fresh");
    }

    @Test
    void refusesDataWhosePasswordIsLost() throws IOException {
        StackFolder lost = new StackFolder(temp.resolve("lost"));
        lost.create();
        Files.createDirectories(lost.data(Part.TASKS_DB));
        Files.writeString(lost.data(Part.TASKS_DB).resolve("PG_VERSION"), "18\n");

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> new PostgresCluster(Part.TASKS_DB, lost, port).start(binaries))
                .withMessageContaining("is missing");
    }

    @Test
    void keepsItsPasswordsFromOtherUsers() throws IOException {
        for (String role : List.of("tasks_app", "tasks_migrator", "tasks-db-superuser")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.password(role))))
                    .as(role)
                    .isEqualTo("rw-------");
        }
    }

    private static String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?sslmode=disable";
    }

    private static Connection open(String role) throws SQLException {
        return open(role, Passwords.read(folder.password(role)));
    }

    private static Connection open(String role, String password) throws SQLException {
        return DriverManager.getConnection(url("tasks"), role, password);
    }

    private static List<String> column(String query) throws SQLException {
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    private static String value(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
