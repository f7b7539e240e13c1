package dev.firebreak.starter.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Makes a pool's connections, on the one thread by which HikariCP adds them. While the database is away that thread waits
 * here: if it failed instead, HikariCP would pause up to 5 s between two tries, also once the database is back.
 */
final class ConnectionMaker extends DelegatingDataSource {
    /** Longer than outages usually are; past it HikariCP looks whether the connection is still wanted. */
    private static final Duration PARK = Duration.ofMinutes(10);

    private final DatabaseBreaker breaker;
    private final PoolMeters meters;
    private final RecentFigures recent;
    private final InstantSource clock;
    private final Runnable onFailure;
    private volatile @Nullable Problem problem;

    /**
     * @param source opens one connection
     * @param onFailure is called at once when that fails, so that the probe finds out why
     */
    ConnectionMaker(
            DataSource source,
            DatabaseBreaker breaker,
            PoolMeters meters,
            RecentFigures recent,
            InstantSource clock,
            Runnable onFailure) {
        super(source);
        this.breaker = breaker;
        this.meters = meters;
        this.recent = recent;
        this.clock = clock;
        this.onFailure = onFailure;
    }

    @Override
    public Connection getConnection() throws SQLException {
        parkWhileAway();
        long start = System.nanoTime();
        ConnectSteps steps = ConnectSteps.begin();
        try {
            Connection connection = super.getConnection();
            meters.connected(System.nanoTime() - start, steps);
            recent.created();
            problem = null;
            return connection;
        } catch (SQLException e) {
            Problem known = problem;
            Problem now = Problem.of("refused", e, clock.instant());
            problem = known == null ? now : now.stillSince(known.since());
            onFailure.run();
            throw e;
        } finally {
            ConnectSteps.end();
        }
    }

    private void parkWhileAway() throws SQLException {
        try {
            if (breaker.awaitClosed(PARK)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SQLTransientConnectionException("The database is away", "08001");
    }

    /** Why the last try failed; null if it did not. */
    @Nullable
    Problem problem() {
        return problem;
    }

    /** The database is back: what was wrong before says nothing any more. */
    void forget() {
        problem = null;
    }

    /** HikariCP would set the time-out of its callers; the source has its own. */
    @Override
    public void setLoginTimeout(int seconds) {
        // deliberately nothing
    }
}
