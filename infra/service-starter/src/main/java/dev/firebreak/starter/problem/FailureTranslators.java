package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import java.util.List;
import java.util.Optional;

/** Every translator in one: what a thrown exception means to the caller. */
final class FailureTranslators {
    /** Deep enough for Spring's and the driver's wrapping, shallow enough for a cycle of causes. */
    private static final int DEEPEST_CAUSE = 12;

    private final List<FailureTranslator> translators;

    FailureTranslators(List<FailureTranslator> translators) {
        this.translators = List.copyOf(translators);
    }

    Failure translate(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST_CAUSE; depth++, at = at.getCause()) {
            Optional<Failure> known = translateOne(at);
            if (known.isPresent()) {
                return known.get();
            }
        }
        return Failure.of(ServiceError.INTERNAL, "Something failed that should not. Its trace id leads to the reason.")
                .causedBy(thrown);
    }

    private Optional<Failure> translateOne(Throwable thrown) {
        if (thrown instanceof ServiceException documented) {
            return Optional.of(Failure.of(documented));
        }
        for (FailureTranslator translator : translators) {
            Optional<Failure> failure = translator.translate(thrown);
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }
}
