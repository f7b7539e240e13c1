package dev.firebreak.starter.pool;

import java.sql.SQLException;
import java.time.Instant;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Why a database or a pool does not work, for operators.
 *
 * @param state {@code unreachable}: the database does not answer; {@code refused}: it answers and lets this pool not in
 * @param message in words, with PostgreSQL's code
 * @param since first time that it failed so
 */
record Problem(String state, String message, Instant since) {
    private static final int LONGEST = 200;

    static Problem of(String state, SQLException e, Instant since) {
        ServerErrorMessage said = e instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        // The role is in the configuration; without it the sentence is the same on every node.
        String message = said == null
                ? String.valueOf(e.getMessage())
                : said.getSeverity() + " " + String.valueOf(said.getMessage()).replaceFirst(" for user \".*\"", "");
        String line = message.lines().findFirst().orElse("");
        String code = e.getSQLState() == null ? "" : " (" + e.getSQLState() + ")";
        return new Problem(state, line.substring(0, Math.min(LONGEST, line.length())) + code, since);
    }

    /** The newest message under the oldest time. */
    Problem stillSince(Instant first) {
        return new Problem(state, message, first);
    }
}
