package dev.firebreak.auth.signing;

import org.jspecify.annotations.Nullable;

/**
 * An operator's order.
 *
 * @param kid which key; absent = the newest one in a state that fits
 * @param reason why, in the operator's words, for the journal
 * @param force skips the waits for third parties, never those for our own verifiers
 * @param emergency {@code ROTATE} only: takes the old key back and passes over verifiers, by name
 * @param algorithm of a key that is made; absent = the configured one
 * @param dryRun says what it would do and does not
 * @param actor who gives it, for the journal
 */
public record KeyOrder(
        Kind kind,
        @Nullable String kid,
        String reason,
        boolean force,
        boolean emergency,
        @Nullable SigningAlgorithm algorithm,
        boolean dryRun,
        String actor) {
    /** What can be ordered. */
    public enum Kind {
        PREPARE,
        PUBLISH,
        ACTIVATE,
        RETIRE,
        REVOKE,
        ROTATE;

        /** Last segment of the order's path. */
        public String wireName() {
            return switch (this) {
                case PREPARE -> "prepare";
                case PUBLISH -> "publish";
                case ACTIVATE -> "activate";
                case RETIRE -> "retire";
                case REVOKE -> "revoke";
                case ROTATE -> "rotate";
            };
        }
    }
}
