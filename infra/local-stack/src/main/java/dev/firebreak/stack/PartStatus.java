package dev.firebreak.stack;

import dev.firebreak.stack.layout.Part;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One part at this moment.
 *
 * @param port its main port
 * @param uptime since its process started; empty when it does not run
 */
public record PartStatus(Part part, State state, OptionalLong pid, int port, Optional<Duration> uptime) {
    /** What a part can be found in. */
    public enum State {
        /** Serves; a degraded service does too. */
        READY,
        /** Runs, but does not serve yet or any more. */
        NOT_READY,
        /** Held by SIGSTOP. */
        SUSPENDED,
        /** Has no process. */
        STOPPED;

        /** As {@code status --json} writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether it has a process. */
    public boolean runs() {
        return state != State.STOPPED;
    }
}
