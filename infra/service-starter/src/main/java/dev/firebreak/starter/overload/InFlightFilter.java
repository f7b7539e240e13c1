package dev.firebreak.starter.overload;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Admits a bounded number of requests and refuses the rest at once, before their bodies are read: what would only wait
 * for a connection longer than its caller does is better told so now.
 */
public final class InFlightFilter extends OncePerRequestFilter {
    /** The burst that filled the service is over within about a second, or it is not a burst. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final Semaphore permits;
    private final List<String> exempt;
    private final Counter refused;

    /**
     * @param exempt path prefixes, context path included, that are neither counted nor refused
     */
    public InFlightFilter(int maxInFlight, List<String> exempt, MeterRegistry metrics) {
        this.permits = new Semaphore(maxInFlight);
        this.exempt = List.copyOf(exempt);
        this.refused = Counter.builder("firebreak.requests.refused")
                .description("Requests answered 503 service.saturated")
                .register(metrics);
        Gauge.builder("firebreak.requests.in.flight", permits, it -> maxInFlight - it.availablePermits())
                .description("Requests worked on now")
                .register(metrics);
        Gauge.builder("firebreak.requests.in.flight.max", () -> maxInFlight)
                .description("Requests worked on at once at most")
                .register(metrics);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return exempt.stream().anyMatch(path::startsWith);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!permits.tryAcquire()) {
            refused.increment();
            throw new ServiceException(
                    ServiceError.SATURATED, "The service works on as many requests as it can finish.", TRY_AGAIN);
        }
        Permit permit = new Permit();
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(permit);
            } else {
                permit.release();
            }
        }
    }

    /** One admitted request; given back exactly once, however the request ends. */
    private final class Permit implements AsyncListener {
        private final AtomicBoolean held = new AtomicBoolean(true);

        void release() {
            if (held.compareAndSet(true, false)) {
                permits.release();
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            release();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // onComplete follows
        }

        @Override
        public void onError(AsyncEvent event) {
            // onComplete follows
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
