package dev.firebreak.starter.trace;

import jakarta.servlet.http.HttpServletRequest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands in its trace (W3C Trace Context, level 1).
 *
 * @param traceId 32 lower-case hex digits, the same in every process that works on the request
 * @param spanId 16 lower-case hex digits, this process's part
 * @param sampled the caller's wish, passed on
 */
public record Trace(String traceId, String spanId, boolean sampled) {
    /** Key of the trace id in the log context. */
    public static final String MDC_KEY = "trace_id";

    static final String ATTRIBUTE = Trace.class.getName();

    static final ScopedValue<Trace> CURRENT = ScopedValue.newInstance();

    /** Version 00 and, as the standard asks, any later version whose first four fields look the same. */
    private static final Pattern TRACEPARENT =
            Pattern.compile("(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    /** The request's trace; begins one where the filter has not run. */
    public static Trace of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Trace trace) {
            return trace;
        }
        Trace trace = begin();
        request.setAttribute(ATTRIBUTE, trace);
        return trace;
    }

    /** The trace of the request that this thread works on; absent outside a request. Follows into a structured scope. */
    public static Optional<Trace> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /** A new span in the caller's trace; absent if the header is missing or not valid, which begins a trace instead. */
    static Optional<Trace> continued(@Nullable String traceparent) {
        if (traceparent == null || traceparent.length() > 200) {
            return Optional.empty();
        }
        var header = TRACEPARENT.matcher(traceparent);
        if (!header.matches()
                || header.group(2).equals(NO_TRACE)
                || header.group(3).equals(NO_SPAN)
                || (header.group(1).equals("00") && header.group(5) != null)) {
            return Optional.empty();
        }
        boolean sampled = (Integer.parseInt(header.group(4), 16) & 1) == 1;
        return Optional.of(new Trace(header.group(2), randomHex(8), sampled));
    }

    /** A trace of its own. */
    static Trace begin() {
        return new Trace(randomHex(16), randomHex(8), false);
    }

    /** Header for a call that belongs to this request. */
    public String traceparent() {
        return "00-%s-%s-%s".formatted(traceId, spanId, sampled ? "01" : "00");
    }

    /** Ids need to be unlikely to collide, not hard to guess. */
    private static String randomHex(int bytes) {
        byte[] id = new byte[bytes];
        do {
            ThreadLocalRandom.current().nextBytes(id);
        } while (id[0] == 0);
        return HexFormat.of().formatHex(id);
    }
}
