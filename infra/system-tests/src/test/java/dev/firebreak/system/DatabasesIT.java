package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.WithStack;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the two clusters promise: durable, closed to strangers, each role no more than it needs. */
@WithStack
class DatabasesIT {
    private static final String INSUFFICIENT_PRIVILEGE = "42501";
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String WRONG_PASSWORD = "28P01";
    private static final int APP_LIMIT = 60;
    private static final int MIGRATOR_LIMIT = 3;

    private final SystemStack stack;

    DatabasesIT(SystemStack stack) {
        this.stack = stack;
    }

    /** A role of a cluster. */
    record Role(Part cluster, String database, String name) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Role> roles() {
        return Stream.of(
                new Role(Part.AUTH_DB, "auth", "auth_app"),
                new Role(Part.AUTH_DB, "auth", "auth_migrator"),
                new Role(Part.TASKS_DB, "tasks", "tasks_app"),
                new Role(Part.TASKS_DB, "tasks", "tasks_migrator"));
    }

    static Stream<Role> apps() {
        return roles().filter(role -> role.name().endsWith("_app"));
    }

    static Stream<Role> everyRole() {
        return Stream.concat(
                roles(),
                Stream.of(new Role(Part.AUTH_DB, "auth", "postgres"), new Role(Part.TASKS_DB, "tasks", "postgres")));
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_DB", "TASKS_DB"})
    void keepWhatTheyAcknowledge(Part cluster) throws SQLException {
        assertThat(setting(cluster, "fsync")).isEqualTo("on");
        assertThat(setting(cluster, "synchronous_commit")).isEqualTo("on");
        assertThat(setting(cluster, "full_page_writes")).isEqualTo("on");
    }

    @ParameterizedTest
    @MethodSource("everyRole")
    void letNobodyInWithoutThePassword(Role role) {
        for (String wrong : List.of("", "wrong", "postgres", "firebreak", role.name())) {
            assertThatExceptionOfType(SQLException.class)
                    .as("%s with password '%s'", role, wrong)
                    .isThrownBy(() -> connect(role, wrong).close())
                    .satisfies(refused -> assertThat(refused.getSQLState())
                            .as(refused.getMessage())
                            .isIn(WRONG_PASSWORD, "08004"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_DB", "TASKS_DB"})
    void askScramOfEveryRole(Part cluster) throws SQLException {
        assertThat(column(cluster, "SELECT DISTINCT auth_method FROM pg_hba_file_rules WHERE error IS NULL"))
                .containsExactly("scram-sha-256");
        assertThat(column(
                        cluster,
                        "SELECT rolname FROM pg_authid WHERE rolcanlogin"
                                + " AND (rolpassword IS NULL OR rolpassword NOT LIKE 'SCRAM-SHA-256$%')"))
                .as("roles without a SCRAM verifier")
                .isEmpty();
        assertThat(setting(cluster, "password_encryption")).isEqualTo("scram-sha-256");
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_DB", "TASKS_DB"})
    void listenOnTheLoopbackOnly(Part cluster) throws SQLException {
        assertThat(setting(cluster, "listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void haveDifferentPasswordsThatNobodyElseCanRead() throws IOException {
        List<String> passwords = new ArrayList<>();
        for (Role role : roles().toList()) {
            passwords.add(password(role));
        }

        assertThat(passwords)
                .doesNotHaveDuplicates()
                .allSatisfy(p -> assertThat(p.length()).isGreaterThan(20));
        try (Stream<Path> secrets = Files.walk(stack.state().resolve("secrets"))) {
            assertThat(secrets)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .as(path.toString())
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @ParameterizedTest
    @MethodSource("apps")
    void letRunningRolesChangeNoSchema(Role role) throws SQLException, IOException {
        try (Connection connection = connect(role, password(role))) {
            String table = firstTable(connection);
            for (String ddl : List.of(
                    "CREATE TABLE intruder (id int)",
                    "CREATE SCHEMA intruder",
                    "ALTER TABLE " + table + " ADD COLUMN intruder int",
                    "DROP TABLE " + table,
                    "TRUNCATE " + table,
                    "CREATE INDEX intruder ON " + table + " ((1))",
                    "CREATE ROLE intruder",
                    "ALTER ROLE " + role.name() + " SUPERUSER",
                    "COPY " + table + " TO PROGRAM 'true'")) {
                assertThatExceptionOfType(SQLException.class)
                        .as(ddl)
                        .isThrownBy(() -> execute(connection, ddl))
                        .satisfies(refused -> assertThat(refused.getSQLState())
                                .as(refused.getMessage())
                                .isEqualTo(INSUFFICIENT_PRIVILEGE));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("roles")
    void limitTheConnectionsOfEachRole(Role role) throws SQLException, IOException {
        boolean app = role.name().endsWith("_app");
        int limit = Integer.parseInt(
                column(role.cluster(), "SELECT rolconnlimit FROM pg_roles WHERE rolname = '" + role.name() + "'")
                        .getFirst());
        assertThat(limit).isEqualTo(app ? APP_LIMIT : MIGRATOR_LIMIT);

        String password = password(role);
        List<Connection> open = new ArrayList<>();
        try {
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> {
                        for (int i = 0; i <= limit; i++) {
                            open.add(connect(role, password));
                        }
                    })
                    .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo(TOO_MANY_CONNECTIONS));
        } finally {
            for (Connection connection : open) {
                connection.close();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("apps")
    void endWhatTakesTooLongByThemselves(Role role) throws SQLException, IOException {
        try (Connection connection = connect(role, password(role))) {
            assertThat(show(connection, "statement_timeout")).isEqualTo("3s");
            assertThat(show(connection, "lock_timeout")).isEqualTo("1s");
            assertThat(show(connection, "idle_in_transaction_session_timeout")).isEqualTo("5s");
        }
    }

    @ParameterizedTest
    @MethodSource("roles")
    void giveNoRoleMoreThanItsOwnDatabase(Role role) throws SQLException, IOException {
        assertThat(column(
                        role.cluster(),
                        "SELECT rolname FROM pg_roles WHERE rolname = '" + role.name()
                                + "' AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)"))
                .isEmpty();
        Part other = role.cluster() == Part.AUTH_DB ? Part.TASKS_DB : Part.AUTH_DB;
        String otherDatabase = role.cluster() == Part.AUTH_DB ? "tasks" : "auth";
        String password = password(role);
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> connect(new Role(other, otherDatabase, role.name()), password)
                        .close());
    }

    @Test
    void andEveryOtherPartListenOnTheLoopbackOnly() throws IOException {
        List<InetAddress> outside = new ArrayList<>();
        for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
            network.inetAddresses().filter(a -> !a.isLoopbackAddress()).forEach(outside::add);
        }
        var ports = stack.ports();
        for (int port : List.of(
                ports.gateway(),
                ports.gatewayManagement(),
                ports.auth(),
                ports.authInternal(),
                ports.authManagement(),
                ports.tasks(),
                ports.tasksManagement(),
                ports.authDb(),
                ports.tasksDb())) {
            assertThat(listeners(port))
                    .as("addresses that listen on %d", port)
                    .isNotEmpty()
                    .allMatch(a ->
                            // 127.0.0.1, and the same as an IPv4-mapped IPv6 address, in the kernel's byte order.
                            a.equals("0100007F") || a.equals("0000000000000000FFFF00000100007F"));
            for (InetAddress address : outside) {
                try (Socket socket = new Socket()) {
                    assertThatExceptionOfType(IOException.class)
                            .as("%s port %d", address, port)
                            .isThrownBy(() -> socket.connect(new InetSocketAddress(address, port), 500));
                }
            }
        }
    }

    /** Local addresses in {@code /proc/net/tcp} that listen on the port. */
    private static List<String> listeners(int port) throws IOException {
        List<String> addresses = new ArrayList<>();
        String suffix = String.format(":%04X", port);
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] columns = line.strip().split("\\s+");
                if (columns.length > 3 && columns[1].endsWith(suffix) && columns[3].equals("0A")) {
                    addresses.add(columns[1].substring(0, columns[1].indexOf(':')));
                }
            }
        }
        return addresses;
    }

    private Connection connect(Role role, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role.name());
        properties.setProperty("password", password);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + stack.ports().of(role.cluster()) + "/" + role.database(), properties);
    }

    private String password(Role role) throws IOException {
        return Files.readString(stack.password(role.name())).strip();
    }

    private String setting(Part cluster, String name) throws SQLException {
        try (Connection connection = stack.superuser(cluster)) {
            return show(connection, name);
        }
    }

    private static String show(Connection connection, String name) throws SQLException {
        return strings(connection, "SHOW " + name).getFirst();
    }

    private List<String> column(Part cluster, String sql) throws SQLException {
        try (Connection connection = stack.superuser(cluster)) {
            return strings(connection, sql);
        }
    }

    private static String firstTable(Connection connection) throws SQLException {
        return strings(
                        connection,
                        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                                + " AND tablename NOT LIKE 'flyway%' ORDER BY 1")
                .getFirst();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> strings(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
