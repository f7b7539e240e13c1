package dev.firebreak.starter.pool;

import java.util.Optional;
import org.postgresql.util.PSQLException;

/** Which constraint of the database a write broke, for services that turn it into an error of their own. */
public final class ViolatedConstraint {
    private static final int DEEPEST_CAUSE = 12;

    private ViolatedConstraint() {}

    /** Name of the constraint or unique index; absent if the failure was something else. */
    public static Optional<String> of(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++, at = at.getCause()) {
            if (at instanceof PSQLException sql && sql.getServerErrorMessage() != null) {
                return Optional.ofNullable(sql.getServerErrorMessage().getConstraint());
            }
        }
        return Optional.empty();
    }
}
