package dev.firebreak.starter.trace;

import dev.firebreak.contracts.http.Headers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives every request its trace and binds it, its id also in the log context, for as long as it is worked on. */
public final class TraceFilter extends OncePerRequestFilter {
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Trace trace = Trace.continued(request.getHeader(Headers.TRACEPARENT)).orElseGet(Trace::begin);
        request.setAttribute(Trace.ATTRIBUTE, trace);
        try (MDC.MDCCloseable _ = MDC.putCloseable(Trace.MDC_KEY, trace.traceId())) {
            ScopedValue.where(Trace.CURRENT, trace).call(() -> {
                chain.doFilter(request, response);
                return null;
            });
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
