package dev.firebreak.trust;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of a failed request (RFC 9457), the same from every process. Each service has one place that writes it to its
 * kind of response.
 *
 * @param detail this occurrence in words that the caller may read
 * @param instance path of the request
 * @param traceId what leads an operator to the log lines
 * @param retryAfterSeconds the value of the {@code Retry-After} header, for 429 and 503
 * @param violations fields that break a rule, for 400
 * @param members what else this code tells programs; never in place of one of the others
 */
public record ProblemDocument(
        ErrorCode error,
        String detail,
        @Nullable String instance,
        @Nullable String traceId,
        @Nullable Integer retryAfterSeconds,
        List<ServiceException.Violation> violations,
        Map<String, String> members) {
    public ProblemDocument {
        violations = List.copyOf(violations);
        members = Map.copyOf(members);
    }

    /** The document of a failure; {@code retryAfterSeconds} shows only where trying again may help. */
    public static ProblemDocument of(
            ServiceException failure, @Nullable String instance, @Nullable String traceId, int retryAfterSeconds) {
        ErrorCode error = failure.error();
        String detail = failure.getMessage() == null ? error.title() : failure.getMessage();
        Integer retryAfter = mayPass(error.kind()) ? retryAfterSeconds : null;
        return new ProblemDocument(
                error, detail, instance, traceId, retryAfter, failure.violations(), failure.members());
    }

    /** HTTP status code. */
    public int status() {
        return error.kind().status();
    }

    /** As {@code application/problem+json}; members that do not apply are absent. */
    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("type", "/errors/" + error.code());
        json.put("title", error.title());
        json.put("status", status());
        json.put("detail", detail);
        putIfPresent(json, "instance", instance);
        json.put("code", error.code());
        putIfPresent(json, "trace_id", traceId);
        putIfPresent(json, "retry_after", retryAfterSeconds);
        if (!violations.isEmpty()) {
            json.put(
                    "violations", violations.stream().map(ProblemDocument::json).toList());
        }
        json.put("act", error.act().wireName());
        members.forEach(json::putIfAbsent);
        return JSONObjectUtils.toJSONString(json);
    }

    private static boolean mayPass(ErrorCode.Kind kind) {
        return kind == ErrorCode.Kind.UNAVAILABLE || kind == ErrorCode.Kind.RATE_LIMITED;
    }

    private static Map<String, Object> json(ServiceException.Violation violation) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("field", violation.field());
        members.put("message", violation.message());
        return members;
    }

    private static void putIfPresent(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }
}
