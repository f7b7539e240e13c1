package dev.firebreak.starter.token;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.overload.Deadlines;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Access tokens of this process's own client, for calls to other services (RFC 6749, 4.4). A token that is held is given
 * without a lock; it is renewed in the background at a third of its life, so that of 15 minutes ten are left when the
 * authorization server goes away. Only who needs a token that nobody has waits, and no longer than their own caller does.
 * Thread-safe.
 */
public final class ServiceTokens implements AutoCloseable {
    /** For a call and for clocks that differ: the other side accepts 30 s of skew, and a call takes 4 s at most. */
    public static final Duration LEAST_LIFE = Duration.ofSeconds(30);

    /** Of a token of 15 minutes nobody can be sure of more than what is left when it is renewed. */
    private static final Duration MOST_LEAST_LIFE = Duration.ofMinutes(10);
    /** Outside a request nobody's deadline says how long to wait; as long as one question to the token endpoint. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);
    /** Targets are constants; more of them means that somebody makes one for each request. */
    private static final int MOST_TARGETS = 32;

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** Where a flight is under way, the next look is worth it soon. */
    private static final Duration SOON = Duration.ofSeconds(1);

    private final Function<TokenTarget, Fetched> endpoint;
    private final RenewalSchedule schedule;
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final Map<TokenTarget, HeldToken> held = new ConcurrentHashMap<>();
    private final Object newTargets = new Object();
    private final Thread renewals =
            Thread.ofVirtual().name("service-token-renewals").unstarted(this::renewForEver);

    ServiceTokens(
            Function<TokenTarget, Fetched> endpoint,
            MeterRegistry metrics,
            InstantSource clock,
            RandomGenerator random) {
        this.endpoint = endpoint;
        this.schedule = new RenewalSchedule(random);
        this.metrics = metrics;
        this.clock = clock;
    }

    /** As {@link #require(TokenTarget, Duration)}, good for one call. */
    public ServiceToken require(TokenTarget target) {
        return require(target, LEAST_LIFE);
    }

    /**
     * A token that is good for so long.
     *
     * @param leastLife at most 10 minutes
     * @throws ServiceException {@code auth.unavailable}, 503 with a hint when to come back, if none can be had
     */
    public ServiceToken require(TokenTarget target, Duration leastLife) {
        if (leastLife.isNegative() || leastLife.compareTo(MOST_LEAST_LIFE) > 0) {
            throw new IllegalArgumentException("A token can be asked for 0 to 10 minutes, not for " + leastLife);
        }
        HeldToken token = held(target);
        return token.validFor(leastLife).orElseGet(() -> await(token, leastLife));
    }

    /**
     * Puts the token on each request of a {@code RestClient}. To be added to what {@code ServiceClients} makes, so that a
     * retry asks again. A 401 of the other side has the token renewed in the background.
     */
    public ClientHttpRequestInterceptor bearer(TokenTarget target) {
        return (request, body, execution) -> {
            ServiceToken token = require(target);
            request.getHeaders().setBearerAuth(token.value());
            ClientHttpResponse response = execution.execute(request, body);
            if (response.getStatusCode().value() == 401) {
                held(target).suspect(token);
            }
            return response;
        };
    }

    /** Begins to renew ahead. */
    void start() {
        renewals.start();
    }

    @Override
    public void close() {
        renewals.interrupt();
    }

    /** One look at every token: whatever is due is renewed, each on a thread of its own. */
    void renewDue() {
        held.values().forEach(HeldToken::renewIfDue);
    }

    private void renewForEver() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                return;
            }
            renewDue();
        }
    }

    private HeldToken held(TokenTarget target) {
        HeldToken known = held.get(target);
        return known != null ? known : create(target);
    }

    private HeldToken create(TokenTarget target) {
        synchronized (newTargets) {
            HeldToken known = held.get(target);
            if (known != null) {
                return known;
            }
            if (held.size() >= MOST_TARGETS) {
                throw new IllegalStateException("More than " + MOST_TARGETS
                        + " targets of tokens: a target is a constant, not something of a request");
            }
            TokenCounters counters = new TokenCounters(target, metrics);
            HeldToken created = new HeldToken(target, () -> endpoint.apply(target), schedule, counters, clock);
            counters.watch(created);
            held.put(target, created);
            return created;
        }
    }

    private ServiceToken await(HeldToken token, Duration leastLife) {
        CompletableFuture<ServiceToken> flight = token.next(leastLife);
        Duration wait = Deadlines.current()
                .map(deadline -> deadline.left(clock.instant()))
                .filter(left -> left.compareTo(LONGEST_WAIT) < 0)
                .orElse(LONGEST_WAIT);
        try {
            ServiceToken got = flight.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            if (!got.isValidFor(leastLife, clock.instant())) {
                throw unavailable(null, new IllegalStateException("The tokens that are given live " + got.life()));
            }
            return got;
        } catch (ExecutionException e) {
            // Everybody who waited gets an exception of their own; what it says is the flight's.
            Duration retryAfter = e.getCause() instanceof ServiceException failure ? failure.retryAfter() : null;
            throw unavailable(retryAfter, e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(SOON, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(null, e);
        }
    }

    private static ServiceException unavailable(@Nullable Duration retryAfter, @Nullable Throwable cause) {
        return HeldToken.none(retryAfter == null ? SOON : retryAfter, cause);
    }
}
