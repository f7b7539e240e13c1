package dev.firebreak.starter.pool;

import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.gate.Permit;
import dev.firebreak.starter.gate.Refusal;
import dev.firebreak.starter.gate.Work;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import dev.firebreak.starter.overload.Deadlines;
import dev.firebreak.starter.pool.PoolMeters.Rejection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A pool behind its gate. Says why there is no connection: all are busy, the database is away, or the caller has stopped
 * waiting. Waits at one place only: a permit stands for a connection that is idle, or that HikariCP is about to open.
 */
final class GatedDataSource extends DelegatingDataSource {
    /** Past this a caller is better told to come back; the deadline of a request is a few seconds. */
    private static final Duration WAIT = Duration.ofSeconds(1);
    /** How often whoever waits for HikariCP to open a connection looks whether the database has gone meanwhile. */
    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(2);

    private final OpenPool pool;
    private final NestingRule nesting;
    private final InstantSource clock;

    GatedDataSource(OpenPool pool, NestingRule nesting, InstantSource clock) {
        super(pool.hikari());
        this.pool = pool;
        this.nesting = nesting;
        this.clock = clock;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Lane lane = Lanes.current();
        long start = System.nanoTime();
        requireTimeLeft(lane);
        long wait = nesting.isNested(pool.name(), pool.meters()) ? 0 : longestWait();
        Permit permit = admit(lane, wait);
        boolean handedOut = false;
        try {
            Connection connection = take(lane, start + wait);
            handedOut = isInTime(lane, connection);
            pool.acquired(permit, start);
            nesting.took(permit);
            return GatedConnection.of(connection, permit);
        } finally {
            if (!handedOut) {
                permit.release();
            }
        }
    }

    private long longestWait() {
        return Deadlines.current()
                .map(deadline -> deadline.left(clock.instant()))
                .filter(left -> left.compareTo(WAIT) < 0)
                .orElse(WAIT)
                .toNanos();
    }

    private Permit admit(Lane lane, long wait) {
        if (pool.letsNobodyIn()) {
            throw unavailable(lane, null);
        }
        return switch (pool.gate().acquire(lane, Work.current(), wait)) {
            case Permit permit -> permit;
            case Refusal.FULL -> throw saturated(lane);
            case Refusal.TIMED_OUT -> {
                requireTimeLeft(lane);
                throw saturated(lane);
            }
            case Refusal.SHUT -> throw unavailable(lane, null);
            case Refusal.INTERRUPTED -> throw interrupted(lane, null);
        };
    }

    private Connection take(Lane lane, long untilNanos) {
        while (true) {
            long left = Duration.ofNanos(untilNanos - System.nanoTime()).toMillis();
            try {
                return pool.takeWithin(Math.clamp(left, 1, LOOK.toMillis()));
            } catch (SQLException e) {
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted(lane, e);
                }
                if (pool.isAway() || pool.letsNobodyIn()) {
                    throw unavailable(lane, e);
                }
                if (left <= LOOK.toMillis()) {
                    requireTimeLeft(lane);
                    throw pool.isFullyOpen() ? saturated(lane) : unavailable(lane, e);
                }
            }
        }
    }

    /** The wait for the connection may have used up what time there was. */
    private boolean isInTime(Lane lane, Connection connection) throws SQLException {
        try {
            requireTimeLeft(lane);
            return true;
        } catch (ServiceException e) {
            connection.close();
            throw e;
        }
    }

    private void requireTimeLeft(Lane lane) {
        try {
            Deadlines.requireTimeLeft(clock.instant());
        } catch (ServiceException e) {
            pool.meters().rejected(lane, Rejection.DEADLINE);
            throw e;
        }
    }

    private ServiceException saturated(Lane lane) {
        pool.saturated(lane);
        return new ServiceException(
                PoolError.SATURATED, "Every connection of the pool " + pool.name() + " is busy.", TRY_AGAIN);
    }

    private ServiceException unavailable(Lane lane, @Nullable SQLException e) {
        pool.meters().rejected(lane, Rejection.UNAVAILABLE);
        pool.lookSoon();
        return e == null
                ? new ServiceException(PoolError.UNAVAILABLE, "The database does not answer.", TRY_AGAIN)
                : new ServiceException(PoolError.UNAVAILABLE, "The database does not answer.", e);
    }

    private ServiceException interrupted(Lane lane, @Nullable SQLException e) {
        pool.meters().rejected(lane, Rejection.INTERRUPTED);
        String detail = "The wait for a database connection was broken off.";
        return e == null
                ? new ServiceException(PoolError.SATURATED, detail, TRY_AGAIN)
                : new ServiceException(PoolError.SATURATED, detail, e);
    }
}
