package dev.firebreak.starter.overload;

import dev.firebreak.contracts.http.Headers;
import dev.firebreak.trust.Deadline;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.web.filter.OncePerRequestFilter;

/** Binds the deadline that the caller names, or the default, for as long as the request is worked on. */
public final class DeadlineFilter extends OncePerRequestFilter {
    private final Duration defaultTimeout;
    private final Duration maxTimeout;
    private final InstantSource clock;

    public DeadlineFilter(Duration defaultTimeout, Duration maxTimeout, InstantSource clock) {
        this.defaultTimeout = defaultTimeout;
        this.maxTimeout = maxTimeout;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Instant now = clock.instant();
        Deadline deadline = Deadline.parse(request.getHeader(Headers.TIMEOUT), now, maxTimeout)
                .orElseGet(() -> new Deadline(now.plus(defaultTimeout)));
        try {
            ScopedValue.where(Deadlines.CURRENT, deadline).call(() -> {
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
