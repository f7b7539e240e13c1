package dev.firebreak.starter.overload;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.trust.Deadline;
import java.time.Instant;
import java.util.Optional;

/** The deadline of the request that this thread works on; follows into the threads of a structured scope. */
public final class Deadlines {
    static final ScopedValue<Deadline> CURRENT = ScopedValue.newInstance();

    private Deadlines() {}

    /** The deadline; absent outside a request, for instance in a background loop. */
    public static Optional<Deadline> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /**
     * Refuses to go on once nobody waits for the answer. Call it before work that changes something, never after: the
     * answer says that nothing was changed.
     */
    public static void requireTimeLeft(Instant now) {
        if (CURRENT.isBound() && CURRENT.get().left(now).isZero()) {
            throw new ServiceException(
                    RequestError.DEADLINE_EXCEEDED, "The caller's deadline passed before the work was done.");
        }
    }
}
