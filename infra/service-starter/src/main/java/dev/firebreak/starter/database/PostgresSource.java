package dev.firebreak.starter.database;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens single connections with the driver's waits cut short: its own defaults wait for a silent server for ever. */
public final class PostgresSource extends PGSimpleDataSource {
    /** SQLSTATE class 28: the same as the server says of a wrong password. */
    private static final String NO_PASSWORD = "28000";

    private final transient PasswordFile password;

    /**
     * @param application shown in {@code pg_stat_activity}
     * @param connectTimeout until a connection is open, the TLS and authentication steps included; whole seconds
     * @param readTimeout longest silence of the server within one statement, above its {@code statement_timeout}; whole
     *     seconds, 0 = none
     */
    public PostgresSource(Database database, String application, Duration connectTimeout, Duration readTimeout) {
        this.password = database.password();
        locate(database.endpoint());
        setUser(database.user());
        encrypt(database.tls());
        database.pooler().applyTo(this);
        setApplicationName(application);
        setConnectTimeout((int) connectTimeout.toSeconds());
        setLoginTimeout((int) connectTimeout.toSeconds());
        setSocketTimeout((int) readTimeout.toSeconds());
        setCancelSignalTimeout((int) connectTimeout.toSeconds());
        setTcpKeepAlive(true);
        // The server's DETAIL repeats what users wrote; it belongs in no log.
        setLogServerErrorDetail(false);
        // A GSS attempt costs one more round trip at each connect and is never used here.
        setGssEncMode("disable");
    }

    private void locate(Endpoint endpoint) {
        setServerNames(endpoint.servers().stream().map(Endpoint.Server::host).toArray(String[]::new));
        setPortNumbers(
                endpoint.servers().stream().mapToInt(Endpoint.Server::port).toArray());
        setDatabaseName(endpoint.database());
        for (Map.Entry<String, String> parameter : endpoint.parameters().entrySet()) {
            try {
                setProperty(parameter.getKey(), parameter.getValue());
            } catch (SQLException e) {
                throw new IllegalArgumentException("jdbc-url has a wrong value for " + parameter.getKey(), e);
            }
        }
    }

    /** The driver reads the file of CA certificates for each connection and keeps no TLS session between two. */
    private void encrypt(Tls tls) {
        setSslMode(tls.mode().word());
        Path rootCert = tls.rootCert();
        if (rootCert != null) {
            setSslRootCert(rootCert.toString());
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        String secret;
        try {
            secret = password.read();
        } catch (IOException e) {
            throw new SQLException("Cannot read the password file " + password.path(), NO_PASSWORD, e);
        }
        return getConnection(getUser(), secret);
    }
}
