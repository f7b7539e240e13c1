package dev.firebreak.control;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The incident's pool (SQLAlchemy's QueuePool): so many connections, opened by whoever needs one, and a queue without
 * limit in which everybody waits for up to 30 s. Deliberately wrong in just that.
 */
final class QueuePool {
    /** The incident had 60 s and wanted 120; scaled down with the pool, and still far longer than anybody waits. */
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final String url;
    private final Properties properties;
    private final Semaphore permits;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    QueuePool(String url, String user, String password, int size) {
        this.url = url;
        this.properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("connectTimeout", "10");
        this.permits = new Semaphore(size, true);
    }

    /** Waits in line; the caller gives it back with {@link #release}. */
    Connection acquire() throws SQLException {
        try {
            if (!permits.tryAcquire(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLException("QueuePool limit reached, connection timed out, timeout 30");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", e);
        }
        Connection connection = idle.pollFirst();
        if (connection != null) {
            return connection;
        }
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            permits.release();
            throw e;
        }
    }

    /** @param broken whether a statement failed on it */
    void release(Connection connection, boolean broken) {
        if (broken) {
            close(connection);
        } else {
            idle.addFirst(connection);
        }
        permits.release();
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // it was broken anyway
        }
    }
}
