package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a request failed, before it is an answer.
 *
 * @param detail shown to the caller: no secrets, no internals
 * @param retryAfter a hint; the renderer jitters and bounds it
 * @param members further members of the document
 * @param headers further headers of the answer, for instance {@code Allow}
 * @param cause goes to the log only
 */
public record Failure(
        ErrorCode error,
        String detail,
        @Nullable Duration retryAfter,
        List<Violation> violations,
        Map<String, String> members,
        Map<String, String> headers,
        @Nullable Throwable cause) {
    public Failure {
        violations = List.copyOf(violations);
        members = Map.copyOf(members);
        headers = Map.copyOf(headers);
    }

    /** A failure with its code and detail only. */
    public static Failure of(ErrorCode error, String detail) {
        return new Failure(error, detail, null, List.of(), Map.of(), Map.of(), null);
    }

    /** As the exception says. */
    public static Failure of(ServiceException e) {
        return new Failure(
                e.error(),
                e.getMessage() == null ? e.error().title() : e.getMessage(),
                e.retryAfter(),
                e.violations(),
                e.members(),
                Map.of(),
                e.getCause());
    }

    /** The same with a cause for the log. */
    public Failure causedBy(Throwable newCause) {
        return new Failure(error, detail, retryAfter, violations, members, headers, newCause);
    }

    /** The same with one more header. */
    public Failure withHeader(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new Failure(error, detail, retryAfter, violations, members, more, cause);
    }
}
