package dev.firebreak.starter.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.starter.test.SecureCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Passwords and encryption, against a server that demands the one and offers the other. */
class PostgresSourceIT {
    private static final String ENCRYPTION =
            "SELECT coalesce(version, 'plain') FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    private static int roles;

    @TempDir
    static Path folder;

    static SecureCluster cluster;
    static Path password;

    @BeforeAll
    static void start() {
        cluster = SecureCluster.start(folder);
        password = cluster.role("tasks_app", "ordinary");
    }

    @AfterAll
    static void stop() throws IOException {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=b",
                "a@b:c/d?e&f",
                "100%41%",
                "#hash",
                " spaces around ",
                "quote's \"and\" \\back",
                "päßwörd",
                "🔥 newer than SASLprep's tables",
                // SASLprep maps these: the ligature to fi, the soft hyphen to nothing, the hard space to a space.
                "ﬁre\u00adbreak\u00a0x",
                "密码パスワード"
            })
    void anyPasswordWorksAgainstScram(String secret) throws SQLException {
        String role = "role_" + ++roles;
        Path file = cluster.role(role, secret);

        try (Connection connection =
                source("127.0.0.1", role, file, Sslmode.DISABLE, null).getConnection()) {
            assertThat(ask(connection, "SELECT current_user")).isEqualTo(role);
        }
    }

    @Test
    void aWrongPasswordIsRefusedSoTheOnesAboveWereLookedAt() throws IOException {
        Path wrong = Files.writeString(folder.resolve("wrong"), "Ordinary\n");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() -> source("127.0.0.1", "tasks_app", wrong, Sslmode.DISABLE, null)
                        .getConnection())
                .satisfies(refused -> assertThat(refused.getSQLState()).isEqualTo("28P01"))
                .withMessageNotContaining("Ordinary");
    }

    @ParameterizedTest
    @EnumSource
    void encryptsAsItIsTold(Sslmode mode) throws SQLException {
        Path ca = mode.verifies() ? cluster.ca() : null;

        try (Connection connection =
                source("localhost", "tasks_app", password, mode, ca).getConnection()) {
            String encryption = ask(connection, ENCRYPTION);
            assertThat(encryption).isEqualTo(mode == Sslmode.DISABLE ? "plain" : "TLSv1.3");
        }
    }

    @Test
    void aNameThatTheCertificateDoesNotCarryIsRefusedByVerifyFullAlone() throws SQLException {
        PostgresSource full = source("127.0.0.1", "tasks_app", password, Sslmode.VERIFY_FULL, cluster.ca());
        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(full::getConnection)
                .withMessageContaining("hostname 127.0.0.1 could not be verified");

        try (Connection connection = source("127.0.0.1", "tasks_app", password, Sslmode.VERIFY_CA, cluster.ca())
                .getConnection()) {
            assertThat(ask(connection, ENCRYPTION)).startsWith("TLS");
        }
    }

    @Test
    void aCaIsTakenFromItsFileAnewForEachConnection() throws Exception {
        Path ca = folder.resolve("ca-in-use.pem");
        Files.copy(cluster.strangersCa(), ca);
        PostgresSource source = source("localhost", "tasks_app", password, Sslmode.VERIFY_FULL, ca);
        assertThatExceptionOfType(SQLException.class)
                .as("another CA than the server's")
                .isThrownBy(source::getConnection)
                .withMessageContaining("SSL error")
                .satisfies(refused -> assertThat(refused.getSQLState()).startsWith("08"));

        Files.copy(cluster.ca(), ca, StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = source.getConnection()) {
            assertThat(ask(connection, ENCRYPTION)).startsWith("TLS");

            Files.copy(cluster.strangersCa(), ca, StandardCopyOption.REPLACE_EXISTING);
            assertThatExceptionOfType(SQLException.class).isThrownBy(source::getConnection);
            assertThat(ask(connection, "SELECT 1"))
                    .as("an open connection stays")
                    .isEqualTo("1");
        }
    }

    @Test
    void aUrlReachesTheSameDatabase() throws SQLException {
        Endpoint endpoint = Endpoint.of(
                "jdbc:postgresql://localhost:" + cluster.port() + "/" + SecureCluster.DATABASE
                        + "?currentSchema=information_schema",
                null,
                null,
                null);

        try (Connection connection =
                source(endpoint, "tasks_app", password, Sslmode.REQUIRE, null).getConnection()) {
            assertThat(ask(connection, "SELECT current_schema()")).isEqualTo("information_schema");
            assertThat(ask(connection, "SHOW statement_timeout")).isEqualTo("3s");
        }
    }

    @Test
    void saysNoSecretAboutItself() {
        PostgresSource source = source("localhost", "tasks_app", password, Sslmode.REQUIRE, null);

        assertThat(source + source.getURL() + source.getDescription()).doesNotContain("ordinary");
    }

    private static PostgresSource source(String host, String role, Path file, Sslmode mode, @Nullable Path ca) {
        Endpoint endpoint =
                new Endpoint(List.of(new Endpoint.Server(host, cluster.port())), SecureCluster.DATABASE, Map.of());
        return source(endpoint, role, file, mode, ca);
    }

    private static PostgresSource source(Endpoint endpoint, String role, Path file, Sslmode mode, @Nullable Path ca) {
        return new PostgresSource(
                new Database(endpoint, role, new PasswordFile(file), new Tls(mode, ca), Pooler.NONE),
                "test",
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        }
    }
}
