package dev.firebreak.starter.database;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens single connections with the driver's waits cut short: its own defaults wait for a silent server for ever. */
public final class PostgresSource extends PGSimpleDataSource {
    /** SQLSTATE class 28: the same as the server says of a wrong password. */
    private static final String NO_PASSWORD = "28000";

    private final transient PasswordFile password;

    /**
     * @param application shown in {@code pg_stat_activity}
     * @param connectTimeout until a connection is open, the TLS and authentication steps included
     * @param readTimeout longest silence of the server within one statement; above its {@code statement_timeout}
     */
    public PostgresSource(
            String host,
            int port,
            String database,
            String user,
            PasswordFile password,
            String application,
            Duration connectTimeout,
            Duration readTimeout) {
        this.password = password;
        setServerNames(new String[] {host});
        setPortNumbers(new int[] {port});
        setDatabaseName(database);
        setUser(user);
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
