package dev.firebreak.gateway.errors;

import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * One hop of a trace (W3C Trace Context, version 00).
 *
 * @param traceId 32 hex digits, shown to callers and in logs
 * @param spanId 16 hex digits, this hop's own
 * @param flags two hex digits, passed on unchanged
 */
public record Trace(String traceId, String spanId, String flags) {
    private static final String ATTRIBUTE = Trace.class.getName();
    private static final Pattern TRACEPARENT = Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);
    private static final String SAMPLED = "01";

    /** The next hop of the caller's trace, or a new trace if the caller sent none that is valid. */
    static Trace continueOrStart(@Nullable String traceparent, RandomGenerator random) {
        if (traceparent != null) {
            Matcher parts = TRACEPARENT.matcher(traceparent);
            if (parts.matches()
                    && !parts.group(1).equals(NO_TRACE)
                    && !parts.group(2).equals(NO_SPAN)) {
                return new Trace(parts.group(1), hex(random), parts.group(3));
            }
        }
        return new Trace(hex(random) + hex(random), hex(random), SAMPLED);
    }

    /** The trace of a request. */
    public static Trace of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** The trace of a request, or null before it has one. */
    static @Nullable Trace find(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** The header for the next hop. */
    public String traceparent() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }

    /** Never zero, which would mean "none". */
    private static String hex(RandomGenerator random) {
        return HexFormat.of().toHexDigits(random.nextLong(1, Long.MAX_VALUE));
    }
}
