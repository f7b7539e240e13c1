package dev.firebreak.starter.pool;

import dev.firebreak.starter.health.HealthReason;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one database from a virtual thread of its own, over one connection of its own: an exhausted pool neither hides
 * a healthy database nor waits for this. Readiness reads what was seen last.
 */
final class PoolProbe implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolProbe.class);

    /** A version is the whole number of a {@code V<number>__….sql} file; baselines and repeatables have none. */
    private static final String SCHEMA_VERSION =
            "SELECT coalesce(max(version::int), 0) FROM flyway_schema_history WHERE success AND version ~ '^[0-9]{1,9}$'";

    private static final int NOT_READ = -1;

    private final String pool;
    private final int expectedSchema;
    private final DataSource source;
    private final Duration every;

    private volatile boolean reachable;
    private volatile int schema = NOT_READ;
    private @Nullable Connection connection;

    /**
     * @param expectedSchema least version that this code works with; 0 = the pool does not ask
     * @param source opens one connection with short waits
     */
    PoolProbe(String pool, int expectedSchema, DataSource source, Duration every) {
        this.pool = pool;
        this.expectedSchema = expectedSchema;
        this.source = source;
        this.every = every;
    }

    @Override
    public void run() {
        boolean first = true;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                look(first);
                first = false;
                Thread.sleep(every);
            }
        } catch (InterruptedException e) {
            // The pool is closed; restoring the flag ends the thread.
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** True if the last look reached the database. */
    boolean isReachable() {
        return reachable;
    }

    List<HealthReason> reasons() {
        List<HealthReason> reasons = new ArrayList<>();
        if (!reachable) {
            reasons.add(HealthReason.degraded("pool." + pool + ".unreachable"));
        }
        int seen = schema;
        if (expectedSchema > 0 && seen == NOT_READ) {
            reasons.add(HealthReason.down("schema.unread"));
        } else if (seen < expectedSchema) {
            reasons.add(HealthReason.down("schema.behind"));
        }
        return reasons;
    }

    private void look(boolean first) {
        try {
            Connection open = connection;
            if (open == null) {
                open = source.getConnection();
                connection = open;
            }
            if (schema < expectedSchema) {
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
            LOG.info("Database of pool {} has schema version {}, this code needs {}", pool, found, expectedSchema);
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
        if (reachable == now && !first) {
            return;
        }
        reachable = now;
        if (now) {
            LOG.info("Database of pool {} is reachable", pool);
        } else if (why != null) {
            LOG.warn("Database of pool {} is not reachable: {} ({})", pool, why.getMessage(), why.getSQLState());
        }
    }

    private void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            try {
                open.close();
            } catch (SQLException e) {
                LOG.debug("Probe connection of pool {} did not close cleanly", pool, e);
            }
        }
    }
}
