package dev.firebreak.stack.layout;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A fault that a person can mend: what was found, what to do, and where there is one the log with its telling lines. A
 * bug is never one of these.
 */
public final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String advice;
    private final List<String> excerpt;
    private final @Nullable String log;

    public StackException(String problem, String advice) {
        this(problem, advice, List.of(), null, null);
    }

    public StackException(String problem, String advice, Throwable cause) {
        this(problem, advice, List.of(), null, cause);
    }

    public StackException(
            String problem, String advice, List<String> excerpt, @Nullable Path log, @Nullable Throwable cause) {
        super(problem, cause);
        this.problem = problem;
        this.advice = advice;
        this.excerpt = List.copyOf(excerpt);
        this.log = log == null ? null : log.toString();
    }

    /** What was found. */
    public String problem() {
        return problem;
    }

    /** What to do about it: one line, often a command. */
    public String advice() {
        return advice;
    }

    /** The telling lines of the log, at most ten. */
    public List<String> excerpt() {
        return excerpt;
    }

    /** The whole log. */
    public Optional<Path> log() {
        return Optional.ofNullable(log).map(Path::of);
    }
}
