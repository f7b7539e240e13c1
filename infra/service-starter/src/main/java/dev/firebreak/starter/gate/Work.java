package dev.firebreak.starter.gate;

import dev.firebreak.starter.trace.Trace;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/**
 * What a permit is used for, in the words of a log line.
 *
 * @param route pattern of the handler, else the path, else the name of the thread
 * @param traceId of the request; absent outside one
 */
public record Work(String route, @Nullable String traceId) {
    /** The work of this thread. */
    public static Work current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? of(attributes.getRequest())
                : new Work(Thread.currentThread().getName(), null);
    }

    private static Work of(HttpServletRequest request) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String route = pattern == null ? request.getServletPath() : pattern.toString();
        return new Work(request.getMethod() + " " + route, Trace.of(request).traceId());
    }
}
