package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ErrorCode.Kind;
import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.http.Headers;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.starter.trace.Trace;
import dev.firebreak.trust.Occasion;
import dev.firebreak.trust.ProblemDocument;
import dev.firebreak.trust.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;

/**
 * Writes every problem document of a service, and logs each failure once. Thread-safe.
 *
 * <p>Levels: a caller's fault is INFO; infrastructure trouble is WARN with its cause in words and no stack; a bug of ours is
 * ERROR with its stack. Refusals for want of room come in crowds: one line a second says how many there were.
 */
public final class ProblemRenderer {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemRenderer.class);

    private final Occasion overload = new Occasion(Duration.ofSeconds(1));
    private final FailureTranslators translators;
    private final RandomGenerator random;
    private final @Nullable ProblemPage page;

    /** Asks the translators in the order given; answers programs only. */
    public ProblemRenderer(List<FailureTranslator> translators, RandomGenerator random) {
        this(translators, random, null);
    }

    /** As above, and shows people a page if there is one. */
    public ProblemRenderer(List<FailureTranslator> translators, RandomGenerator random, @Nullable ProblemPage page) {
        this.translators = new FailureTranslators(translators);
        this.random = random;
        this.page = page;
    }

    /** What an exception means to the caller. */
    public Failure translate(Throwable thrown) {
        return translators.translate(thrown);
    }

    /** Answers with what the exception means. */
    public void render(Throwable thrown, HttpServletRequest request, HttpServletResponse response) throws IOException {
        render(translate(thrown), request, response);
    }

    /** Answers with the failure, unless an answer is already on its way; then it is logged only. */
    public void render(Failure failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        log(failure, request);
        if (response.isCommitted()) {
            return;
        }
        Integer retryAfter = retryAfterSeconds(failure);
        response.resetBuffer();
        response.setStatus(failure.error().kind().status());
        // What the handler said of its own answer does not hold for this one.
        response.setHeader(HttpHeaders.ETAG, null);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        failure.headers().forEach(response::setHeader);
        if (isForWantOfRoom(failure)) {
            response.setHeader(Headers.OVERLOADED, "1");
        }
        if (retryAfter != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfter.toString());
        }
        // Whoever refused may know more, such as the scope that is missing.
        if (!response.containsHeader(HttpHeaders.WWW_AUTHENTICATE)) {
            Challenges.of(failure.error())
                    .ifPresent(challenge -> response.setHeader(HttpHeaders.WWW_AUTHENTICATE, challenge));
        }
        if (page != null && page.isFor(request)) {
            page.show(failure.error(), request, response);
            return;
        }
        byte[] body = new ProblemDocument(
                        failure.error(),
                        failure.detail(),
                        instance(request),
                        Trace.of(request).traceId(),
                        retryAfter,
                        failure.violations(),
                        failure.members())
                .toJson()
                .getBytes(StandardCharsets.UTF_8);
        response.setContentType(Paths.PROBLEM_JSON);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private @Nullable Integer retryAfterSeconds(Failure failure) {
        Kind kind = failure.error().kind();
        boolean mayPass = kind == Kind.UNAVAILABLE || kind == Kind.RATE_LIMITED;
        return mayPass ? RetryAfter.seconds(failure.retryAfter(), random) : null;
    }

    /** The path alone: a query may hold what does not belong in a log or an answer. */
    private static String instance(HttpServletRequest request) {
        return request.getRequestURI();
    }

    /** Not what the database said, such as a deadlock: that has a cause, and the same code because the caller does the same. */
    private static boolean isForWantOfRoom(Failure failure) {
        return failure.cause() == null
                && (failure.error() == PoolError.SATURATED || failure.error() == ServiceError.SATURATED);
    }

    private void log(Failure failure, HttpServletRequest request) {
        ErrorCode error = failure.error();
        OptionalLong more = isForWantOfRoom(failure) ? overload.take() : OptionalLong.of(0);
        if (more.isEmpty()) {
            return;
        }
        Throwable cause = failure.cause();
        Level level = switch (error.kind()) {
            case INTERNAL -> Level.ERROR;
            case UNAVAILABLE -> Level.WARN;
            default -> Level.INFO;
        };
        // The trace id is in the log context, unless the failure lies outside the trace filter.
        var line = LOG.atLevel(level)
                .addKeyValue("code", error.code())
                .addKeyValue("status", error.kind().status());
        if (error.kind() == Kind.INTERNAL && cause != null) {
            line = line.setCause(cause);
        }
        line.log(
                "{} {} answered {} {}{}{}",
                request.getMethod(),
                printable(instance(request)),
                error.kind().status(),
                error.code(),
                cause != null && error.kind() == Kind.UNAVAILABLE ? ": " + inWords(cause) : "",
                more.getAsLong() > 0 ? " (and " + more.getAsLong() + " more for want of room)" : "");
    }

    /** The root of the causes, which is where the driver says what happened. */
    private static String inWords(Throwable cause) {
        Throwable root = cause;
        for (int depth = 0; root.getCause() != null && depth < 12; depth++) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + ": " + printable(String.valueOf(root.getMessage()));
    }

    /** Control characters out of a path or a foreign message would forge log lines. */
    private static String printable(String text) {
        StringBuilder safe = new StringBuilder(Math.min(text.length(), 300));
        text.chars().limit(300).forEach(c -> safe.append(Character.isISOControl(c) ? '?' : (char) c));
        return safe.toString();
    }
}
