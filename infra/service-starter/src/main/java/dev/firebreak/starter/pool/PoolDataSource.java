package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariDataSource;
import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.overload.Deadlines;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A pool that says why it has no connection: all are busy, the database is away, or the caller has stopped waiting. */
final class PoolDataSource extends DelegatingDataSource {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final HikariDataSource pool;
    private final InstantSource clock;

    PoolDataSource(HikariDataSource pool, InstantSource clock) {
        super(pool);
        this.pool = pool;
        this.clock = clock;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Deadlines.requireTimeLeft(clock.instant());
        Connection connection = borrow();
        try {
            // The wait for the connection may have used up what time there was.
            Deadlines.requireTimeLeft(clock.instant());
            return connection;
        } catch (ServiceException e) {
            connection.close();
            throw e;
        }
    }

    private Connection borrow() {
        try {
            return pool.getConnection();
        } catch (SQLException e) {
            // The same exception means "all busy" and "cannot connect"; only the pool's own count tells them apart.
            boolean allOpen =
                    pool.isRunning() && pool.getHikariPoolMXBean().getTotalConnections() >= pool.getMaximumPoolSize();
            throw allOpen
                    ? new ServiceException(
                            PoolError.SATURATED,
                            "Every connection of the pool " + pool.getPoolName() + " is busy.",
                            TRY_AGAIN)
                    : unavailable(e);
        }
    }

    private static ServiceException unavailable(SQLException e) {
        return new ServiceException(PoolError.UNAVAILABLE, "The database does not answer.", e);
    }
}
