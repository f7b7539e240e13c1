package dev.firebreak.starter.test;

import dev.firebreak.contracts.capacity.RoleTimeouts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A real cluster as production has it: TLS with a certificate for {@code localhost}, and scram-sha-256 for every role but
 * the superuser. Slower to start than {@link TestPostgres}; for tests of how one connects.
 */
public final class SecureCluster implements AutoCloseable {
    /** Of the database that every role may use. */
    public static final String DATABASE = "secure";

    private final EmbeddedPostgres postgres;
    private final Path folder;
    private final TestCertificates certificates;
    private final TestCertificates strangers;

    private SecureCluster(Path folder) throws IOException {
        this.folder = folder;
        this.certificates = TestCertificates.make(folder.resolve("certificates"));
        this.strangers = TestCertificates.make(folder.resolve("stranger"));
        Path access = Files.writeString(folder.resolve("pg_hba.conf"), """
                host all postgres 127.0.0.1/32 trust
                host all postgres ::1/128 trust
                host all all 127.0.0.1/32 scram-sha-256
                host all all ::1/128 scram-sha-256
                """);
        this.postgres = EmbeddedPostgres.builder()
                .setServerConfig("hba_file", access.toString())
                .setServerConfig("ssl", "on")
                .setServerConfig("ssl_cert_file", certificates.certificate().toString())
                .setServerConfig("ssl_key_file", certificates.key().toString())
                .setServerConfig("max_connections", "40")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
    }

    /** Starts one with its certificates in {@code folder}. */
    public static SecureCluster start(Path folder) {
        try {
            SecureCluster cluster = new SecureCluster(folder);
            cluster.execute("CREATE DATABASE " + DATABASE);
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException("The cluster did not start", e);
        }
    }

    public int port() {
        return postgres.getPort();
    }

    /** Certificate of the authority that signed the server's. */
    public Path ca() {
        return certificates.ca();
    }

    /** Certificate of an authority that signed nothing here. */
    public Path strangersCa() {
        return strangers.ca();
    }

    /** Makes a role of a running service, with its time-outs, and returns the file with its password. */
    public Path role(String name, String password) {
        execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + password.replace("'", "''") + "'");
        RoleTimeouts.settings()
                .forEach((setting, value) ->
                        execute("ALTER ROLE " + name + " SET " + setting + " = " + value.toMillis()));
        try {
            return Files.writeString(folder.resolve(name + ".password"), password + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Override
    public void close() throws IOException {
        postgres.close();
    }
}
