package dev.firebreak.starter.problem;

import java.util.Optional;

/**
 * Knows what one family of foreign exceptions means to a caller. Beans of this type are asked in their order; what none
 * of them knows is a bug of ours. Thread-safe.
 */
@FunctionalInterface
public interface FailureTranslator {
    /** What the exception means; absent if it is not of this family. Does not unwrap causes: the caller does. */
    Optional<Failure> translate(Throwable thrown);
}
