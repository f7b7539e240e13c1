package dev.firebreak.starter.pool;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.starter.problem.Failure;
import dev.firebreak.starter.problem.FailureTranslator;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL's error codes mean to a caller. Only trouble of the infrastructure is known here; a violated constraint
 * or a wrong statement is the service's own affair, and a bug unless it says otherwise.
 *
 * @see <a href="https://www.postgresql.org/docs/18/errcodes-appendix.html">PostgreSQL error codes</a>
 */
final class DatabaseFailures implements FailureTranslator {
    static final String UNDEFINED_TABLE = "42P01";

    @Override
    public Optional<Failure> translate(Throwable thrown) {
        if (!(thrown instanceof SQLException sql)) {
            return Optional.empty();
        }
        return ofState(sql.getSQLState(), sql).map(failure -> failure.causedBy(sql));
    }

    private static Optional<Failure> ofState(@Nullable String state, SQLException sql) {
        if (state == null || state.length() != 5) {
            return sql instanceof SQLTransientConnectionException ? known(PoolError.UNAVAILABLE) : Optional.empty();
        }
        return switch (state) {
            // query_canceled by statement_timeout, lock_not_available, the two transaction time-outs,
            // serialization_failure, deadlock_detected
            case "57014", "55P03", "25P03", "25P04", "40001", "40P01" -> known(PoolError.SATURATED);
            // undefined table or column: the migrate step has not run for this code
            case UNDEFINED_TABLE, "42703" -> known(PoolError.SCHEMA_BEHIND);
            // read_only_sql_transaction: still connected to a server that is no longer the primary
            case "25006" -> known(PoolError.UNAVAILABLE);
            default ->
                switch (state.substring(0, 2)) {
                    // connection, authorization, resources, operator intervention, system error
                    case "08", "28", "53", "57", "58" -> known(PoolError.UNAVAILABLE);
                    default -> Optional.empty();
                };
        };
    }

    /**
     * True if a server that is up said this, for instance that it has no connection left for this role or another password:
     * connections that exist go on working.
     */
    static boolean isAnswered(SQLException e) {
        String state = e.getSQLState();
        if (state == null || state.length() != 5) {
            return false;
        }
        return switch (state.substring(0, 2)) {
            // connection, operator intervention (stopping, starting), system error
            case "08", "57", "58" -> false;
            default -> true;
        };
    }

    private static Optional<Failure> known(PoolError error) {
        ErrorCode code = error;
        return Optional.of(Failure.of(
                code,
                switch (error) {
                    case SATURATED -> "The database did not finish in time.";
                    case UNAVAILABLE -> "The database does not answer.";
                    case SCHEMA_BEHIND -> "The database has an older schema than this code needs.";
                }));
    }
}
