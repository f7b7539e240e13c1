package dev.firebreak.starter.pool;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.contracts.capacity.ServerLimits;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks one database, from a thread of its own and over a short connection, whether it grants what all nodes of this service
 * may open. Begins when the database is first reached and ends when the answer is yes; until then it looks again.
 */
final class ConnectionLimit implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLimit.class);

    /** SQLSTATE too_many_connections: of the role, the database or the server. */
    private static final String TOO_MANY = "53300";

    private final DataSource database;
    private final ConnectionBudget budget;
    private final Duration untilReached;
    private final Duration untilMended;

    private volatile String shortage = "";

    /**
     * @param untilReached pause between two tries to reach the database
     * @param untilMended pause between two looks at limits that are too low
     */
    ConnectionLimit(DataSource database, ConnectionBudget budget, Duration untilReached, Duration untilMended) {
        this.database = database;
        this.budget = budget;
        this.untilReached = untilReached;
        this.untilMended = untilMended;
    }

    /** Whether the last answer was no. */
    boolean isShort() {
        return !shortage.isEmpty();
    }

    @Override
    public void run() {
        try {
            while (!settled()) {
                Thread.sleep(isShort() ? untilMended : untilReached);
            }
        } catch (InterruptedException e) {
            // The service ends; restoring the flag ends the thread.
            Thread.currentThread().interrupt();
        }
    }

    private boolean settled() {
        try (Connection connection = database.getConnection()) {
            Optional<String> found = budget.shortage(ServerLimits.read(connection));
            becomes(found.orElse(""));
            return found.isEmpty();
        } catch (SQLException e) {
            if (TOO_MANY.equals(e.getSQLState())) {
                becomes("The database has no connection left for this role, whose nodes may need " + budget.sum() + ": "
                        + e.getMessage());
            } else {
                LOG.debug("Connection limits were not read", e);
            }
            return false;
        }
    }

    private void becomes(String now) {
        if (now.equals(shortage)) {
            return;
        }
        if (now.isEmpty()) {
            LOG.info("The connection limits of the database suffice now: {}", budget.sum());
        } else {
            LOG.error("{}", now);
        }
        // After the log, so that whoever sees the reason finds its numbers there.
        shortage = now;
    }
}
