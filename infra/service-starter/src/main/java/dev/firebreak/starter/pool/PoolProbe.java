package dev.firebreak.starter.pool;

import dev.firebreak.starter.health.HealthReason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one database for all its pools, from a thread of its own, over one connection of its own: an exhausted
 * pool neither hides a healthy database nor waits for this. What it sees opens and closes the breaker.
 */
final class PoolProbe implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolProbe.class);

    /** A version is the whole number of a {@code V<number>__….sql} file; baselines and repeatables have none. */
    private static final String SCHEMA_VERSION =
            "SELECT coalesce(max(version::int), 0) FROM flyway_schema_history WHERE success AND version ~"
                    + " '^[0-9]{1,9}$'";

    private static final int NOT_READ = -1;

    private final String database;
    private final DataSource source;
    private final Duration every;
    private final DatabaseBreaker breaker;
    private final InstantSource clock;
    private final Runnable eachTime;
    private final Semaphore wakeUps = new Semaphore(0);

    /** Least version that the code works with; 0 = nobody asks. */
    private volatile int expectedSchema;

    private volatile boolean reachable;
    private volatile int schema = NOT_READ;
    private @Nullable Connection connection;

    /**
     * @param database in words
     * @param source opens one connection with short waits
     * @param eachTime what else is to be looked after as often
     */
    PoolProbe(
            String database,
            DataSource source,
            Duration every,
            DatabaseBreaker breaker,
            InstantSource clock,
            Runnable eachTime) {
        this.database = database;
        this.source = source;
        this.every = every;
        this.breaker = breaker;
        this.clock = clock;
        this.eachTime = eachTime;
    }

    /** Asks for the schema's version until it is at least this. */
    synchronized void expect(int version) {
        expectedSchema = Math.max(expectedSchema, version);
    }

    /** Asks for a look as soon as possible. Many askers get one look. */
    void lookSoon() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    @Override
    public void run() {
        boolean first = true;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                lookAfter(first);
                first = false;
                if (wakeUps.tryAcquire(every.toMillis(), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            // The pools are closed; restoring the flag ends the thread.
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    private void lookAfter(boolean first) {
        try {
            look(first);
            eachTime.run();
        } catch (RuntimeException e) {
            // A bug of ours; without the next look the breaker would stay as it is for ever.
            LOG.error("The probe of {} failed", database, e);
        }
    }

    /** True if the last look reached the database. */
    boolean isReachable() {
        return reachable;
    }

    /** What the schema's version means; the pools say themselves whether they are reachable. */
    List<HealthReason> reasons() {
        int seen = schema;
        if (expectedSchema == 0 || seen >= expectedSchema) {
            return List.of();
        }
        return List.of(seen == NOT_READ ? HealthReason.down("schema.unread") : HealthReason.down("schema.behind"));
    }

    private void look(boolean first) {
        try {
            Connection open = connection;
            if (open == null) {
                open = source.getConnection();
                connection = open;
            }
            if (expectedSchema > 0 && schema < expectedSchema) {
                readSchema(open);
            } else {
                ask(open, "SELECT 1");
            }
            becomes(true, first, null);
        } catch (SQLException e) {
            close();
            becomes(false, first, e);
        }
    }

    private void readSchema(Connection open) throws SQLException {
        int found;
        try {
            found = ask(open, SCHEMA_VERSION);
        } catch (SQLException e) {
            if (!DatabaseFailures.UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw e;
            }
            // No migration has ever run here.
            found = 0;
        }
        if (found != schema) {
            LOG.info("Database {} has schema version {}, this code needs {}", database, found, expectedSchema);
        }
        schema = found;
    }

    private static int ask(Connection open, String sql) throws SQLException {
        try (Statement statement = open.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            return answer.next() ? answer.getInt(1) : 0;
        }
    }

    private void becomes(boolean now, boolean first, @Nullable SQLException why) {
        boolean changed = reachable != now || first;
        if (why == null || DatabaseFailures.isAnswered(why)) {
            breaker.close();
        } else {
            breaker.open(Problem.of("unreachable", why, clock.instant()));
        }
        reachable = now;
        if (changed && why == null) {
            LOG.info("Database {} is reachable", database);
        } else if (changed && why != null) {
            LOG.warn("Database {} is not reachable: {} ({})", database, why.getMessage(), why.getSQLState());
        }
    }

    private void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("Probe connection of {} did not close cleanly", database, e);
            }
        }
    }
}
