package dev.firebreak.contracts.error;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one exception by which our code says that a request failed for a documented reason. The message is the problem's
 * {@code detail}: it is shown to the caller, so it must not hold secrets or internals.
 */
public final class ServiceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode error;
    private final transient @Nullable Duration retryAfter;
    private final transient List<Violation> violations;
    private final transient Map<String, String> members;

    /** One field that breaks a rule: JSON pointer (RFC 6901) or parameter name, and what is wrong, in words. */
    public record Violation(String field, String message) {}

    /** A failure whose detail the caller may read. */
    public ServiceException(ErrorCode error, String detail) {
        this(error, detail, null, List.of(), Map.of(), null);
    }

    /** As above; {@code cause} goes to the log, never to the caller. */
    public ServiceException(ErrorCode error, String detail, Throwable cause) {
        this(error, detail, null, List.of(), Map.of(), cause);
    }

    /** A failure that may pass; {@code retryAfter} is a hint, the edge jitters and rounds it to whole seconds. */
    public ServiceException(ErrorCode error, String detail, Duration retryAfter) {
        this(error, detail, retryAfter, List.of(), Map.of(), null);
    }

    /** A failure that may pass, with the cause for the log. */
    public ServiceException(ErrorCode error, String detail, @Nullable Duration retryAfter, Throwable cause) {
        this(error, detail, retryAfter, List.of(), Map.of(), cause);
    }

    /** An invalid request with all its violations. */
    public ServiceException(ErrorCode error, String detail, List<Violation> violations) {
        this(error, detail, null, violations, Map.of(), null);
    }

    private ServiceException(
            ErrorCode error,
            String detail,
            @Nullable Duration retryAfter,
            List<Violation> violations,
            Map<String, String> members,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.error = error;
        this.retryAfter = retryAfter;
        this.violations = List.copyOf(violations);
        this.members = Map.copyOf(members);
    }

    /** The same failure with one more member in its document (RFC 9457, 3.2), for programs that must tell more. */
    public ServiceException with(String member, String value) {
        Map<String, String> more = new HashMap<>(members);
        more.put(member, value);
        return new ServiceException(error, String.valueOf(getMessage()), retryAfter, violations, more, getCause());
    }

    /** The documented reason. */
    public ErrorCode error() {
        return error;
    }

    /** When to try again, if the thrower knows. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** Further members of the document; empty for most. */
    public Map<String, String> members() {
        return members;
    }

    /** Fields that break a rule; empty unless the request is invalid. */
    public List<Violation> violations() {
        return violations;
    }
}
