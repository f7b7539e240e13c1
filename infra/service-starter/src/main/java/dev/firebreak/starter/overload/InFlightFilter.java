package dev.firebreak.starter.overload;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.LaneRule;
import dev.firebreak.starter.lane.LaneShares;
import dev.firebreak.starter.lane.Lanes;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Admits a bounded number of requests and refuses the rest at once, before their bodies are read: what would only wait
 * for a connection longer than its caller does is better told so now. Each lane has its own part of the number and what
 * less important ones leave idle; nobody here can be made to wait, so nothing that was lent could be taken back.
 */
public final class InFlightFilter extends OncePerRequestFilter {
    /** The burst that filled the service is over within about a second, or it is not a burst. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    private final LaneRule rule;
    private final LaneShares shares;
    private final List<String> exempt;
    private final List<Counter> refused;
    private final ReentrantLock lock = new ReentrantLock();
    private final int[] used = new int[Lane.IN_ORDER.size()];

    /**
     * @param exempt path prefixes, context path included, that are neither counted nor refused
     */
    public InFlightFilter(int maxInFlight, List<String> exempt, LaneRule rule, MeterRegistry metrics) {
        this.rule = rule;
        this.shares = LaneShares.of(maxInFlight);
        this.exempt = List.copyOf(exempt);
        this.refused = Lane.IN_ORDER.stream()
                .map(lane -> Counter.builder("firebreak.requests.refused")
                        .description("Requests answered 503 service.saturated")
                        .tag("lane", lane.id())
                        .register(metrics))
                .toList();
        for (Lane lane : Lane.IN_ORDER) {
            Gauge.builder("firebreak.requests.in.flight", () -> inFlight(lane))
                    .description("Requests worked on now")
                    .tag("lane", lane.id())
                    .register(metrics);
            Gauge.builder("firebreak.requests.in.flight.max", () -> shares.of(lane))
                    .description("Requests worked on at once; all lanes together have the sum")
                    .tag("lane", lane.id())
                    .register(metrics);
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Lane lane = rule.laneOf(request);
        if (isExempt(request)) {
            inLane(lane, request, response, chain);
            return;
        }
        if (!admit(lane)) {
            refused.get(lane.ordinal()).increment();
            throw new ServiceException(
                    ServiceError.SATURATED, "The service works on as many requests as it can finish.", TRY_AGAIN);
        }
        Permit permit = new Permit(lane);
        try {
            inLane(lane, request, response, chain);
        } finally {
            if (request.isAsyncStarted()) {
                request.getAsyncContext().addListener(permit);
            } else {
                permit.release();
            }
        }
    }

    private boolean isExempt(HttpServletRequest request) {
        String path = request.getRequestURI();
        return exempt.stream().anyMatch(path::startsWith);
    }

    private static void inLane(Lane lane, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            Lanes.<Exception>in(lane, () -> chain.doFilter(request, response));
        } catch (ServletException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }

    private boolean admit(Lane lane) {
        lock.lock();
        try {
            boolean admitted = shares.admits(lane, used);
            used[lane.ordinal()] += admitted ? 1 : 0;
            return admitted;
        } finally {
            lock.unlock();
        }
    }

    private void leave(Lane lane) {
        lock.lock();
        try {
            used[lane.ordinal()]--;
        } finally {
            lock.unlock();
        }
    }

    private int inFlight(Lane lane) {
        lock.lock();
        try {
            return used[lane.ordinal()];
        } finally {
            lock.unlock();
        }
    }

    /** One admitted request; given back exactly once, however the request ends. */
    private final class Permit implements AsyncListener {
        private final AtomicBoolean held = new AtomicBoolean(true);
        private final Lane lane;

        Permit(Lane lane) {
            this.lane = lane;
        }

        void release() {
            if (held.compareAndSet(true, false)) {
                leave(lane);
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
