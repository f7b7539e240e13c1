package dev.firebreak.gateway.renewal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.gateway.ratelimit.Buckets;
import dev.firebreak.gateway.session.OwnToken;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.gateway.session.SessionCookie;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Renews sessions: one flight per session however many requests want it, a bounded number of flights at once, and none
 * but a probe while the authorization server is away. A flight is nobody's request: whoever started it may go away.
 */
@Component
public class Renewals {
    private static final Logger LOG = LoggerFactory.getLogger(Renewals.class);
    /** One slow second's worth of renewals may be made good at once. */
    private static final int BURST_SECONDS = 1;
    /** A refused grant stays refused; asking again within this time is answered from memory. */
    private static final Duration REFUSAL_KEPT = Duration.ofMinutes(5);

    /** How long a session whose renewal failed is left alone, while others may still succeed. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** What could not be kept once will not be a second later: it takes an operator, or a smaller session. */
    private static final Duration UNKEPT_REST = Duration.ofMinutes(1);

    private static final int MAX_REMEMBERED = 20_000;
    private static final String EVERYONE = "node";
    private static final String AWAY = "the authorization server is away";

    private final TokenEndpoint endpoint;
    private final Successors successors;
    private final SessionCookie cookie;
    private final TokenVerifier verifier;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final Outage outage;
    private final Semaphore permits;
    private final Buckets pace;
    private final Duration briefWait;
    private final Duration fullWait;
    private final Cache<String, Boolean> refused;
    private final Cache<String, String> resting;
    private final Cache<String, String> unkept;
    /** Bounded by the permits: an entry without a permit is completed and removed at once. */
    private final ConcurrentHashMap<String, CompletableFuture<Renewal>> flights = new ConcurrentHashMap<>();

    Renewals(
            TokenEndpoint endpoint,
            Successors successors,
            SessionCookie cookie,
            TokenVerifier verifier,
            GatewayProperties gateway,
            InstantSource clock,
            SecureRandom random,
            MeterRegistry metrics) {
        this.endpoint = endpoint;
        this.successors = successors;
        this.cookie = cookie;
        this.verifier = verifier;
        this.clock = clock;
        this.metrics = metrics;
        this.outage = new Outage(clock, random);
        this.permits = new Semaphore(gateway.renewal().maxInFlight());
        int perSecond = gateway.renewal().perSecond();
        this.pace = new Buckets(perSecond, perSecond * BURST_SECONDS, clock);
        this.briefWait = gateway.renewal().briefWait();
        this.fullWait = gateway.renewal().fullWait();
        this.refused = remembered("refused", REFUSAL_KEPT);
        this.resting = remembered("resting", REST);
        this.unkept = remembered("unkept", UNKEPT_REST);
        Gauge.builder("gateway.renewal.in.flight", flights, ConcurrentHashMap::size)
                .description("Renewals at the authorization server")
                .register(metrics);
        Gauge.builder("gateway.renewal.outage", outage, now -> now.isOpen() ? 1 : 0)
                .description("1 while the authorization server counts as away")
                .register(metrics);
    }

    /**
     * Renews a session, or joins whoever is at it, or finds what was renewed a moment ago. The flight goes on without the
     * caller. With a usable token only the one who starts it waits, and briefly; without one everybody does.
     *
     * @param usable whether the caller can go on with the old token
     */
    public Mono<Renewal> renew(Session session, boolean usable) {
        Optional<Renewal> known = known(session);
        if (known.isPresent()) {
            return Mono.just(known.get());
        }
        String key = Successors.key(session);
        CompletableFuture<Renewal> mine = new CompletableFuture<>();
        CompletableFuture<Renewal> theirs = flights.putIfAbsent(key, mine);
        if (theirs == null) {
            fly(key, session, mine);
            return await(mine, usable ? briefWait : fullWait);
        }
        return usable && !theirs.isDone()
                ? Mono.just(new Renewal.Queued(outage.isTroubled()))
                : await(theirs, fullWait);
    }

    /** The flight is shared: whoever stops waiting must not cancel it. */
    private static Mono<Renewal> await(CompletableFuture<Renewal> flight, Duration patience) {
        return Mono.fromFuture(flight, true).timeout(patience, Mono.fromSupplier(() -> new Renewal.Queued(true)));
    }

    /** Puts the renewed session on the answer to a request that came with the old one. */
    public void deliver(ServerWebExchange exchange, Session old, Renewal.Done done) {
        cookie.set(exchange, done.sealed());
        exchange.getResponse().beforeCommit(() -> Mono.fromRunnable(() -> successors.sent(old, done.held())));
    }

    private Optional<Renewal> known(Session session) {
        Optional<Renewal> successor =
                successors.find(session).map(held -> new Renewal.Done(held.session(), held.sealed(), held));
        if (successor.isPresent()) {
            return successor;
        }
        String key = Successors.key(session);
        if (refused.getIfPresent(key) != null) {
            return Optional.of(new Renewal.Ended());
        }
        return Optional.ofNullable(resting.getIfPresent(key))
                .or(() -> Optional.ofNullable(unkept.getIfPresent(key)))
                .map(Renewal.Delayed::new);
    }

    private void fly(String key, Session session, CompletableFuture<Renewal> flight) {
        // Another flight may have landed between the first look and this one's take-off.
        Optional<Renewal> landed = known(session);
        if (landed.isPresent()) {
            land(key, flight, landed.get());
        } else if (outage.isSilent()) {
            land(key, flight, new Renewal.Delayed(AWAY));
        } else if (pace.take(EVERYONE).isPresent() || !permits.tryAcquire()) {
            count("queued");
            land(key, flight, new Renewal.Queued(outage.isTroubled()));
        } else {
            flyWithPermit(key, session, flight);
        }
    }

    private void flyWithPermit(String key, Session session, CompletableFuture<Renewal> flight) {
        // Asked last: a yes may be the one probe, which must then be made.
        if (!outage.mayAsk()) {
            permits.release();
            land(key, flight, new Renewal.Delayed(AWAY));
            return;
        }
        endpoint.refresh(session.refreshToken())
                .map(answer -> settle(session, answer))
                .onErrorResume(e -> Mono.just(broken(key, e)))
                .doFinally(_ -> permits.release())
                .subscribe(renewal -> land(key, flight, renewal));
    }

    private void land(String key, CompletableFuture<Renewal> flight, Renewal renewal) {
        // Removed after the result can be found and before it is told, so that nobody flies twice or joins too late.
        flights.remove(key, flight);
        flight.complete(renewal);
    }

    private Renewal settle(Session session, TokenEndpoint.Answer answer) {
        switch (answer) {
            case TokenEndpoint.Answer.Tokens tokens -> {
                outage.answered();
                count("done");
                return keep(session, tokens);
            }
            case TokenEndpoint.Answer.InvalidGrant verdict -> {
                outage.answered();
                count("ended");
                LOG.info("Session {} has ended: {}", session.sid(), verdict.description());
                refused.put(Successors.key(session), Boolean.TRUE);
                return new Renewal.Ended();
            }
            case TokenEndpoint.Answer.Failed failed -> {
                outage.failed(session.sid());
                count("delayed");
                resting.put(Successors.key(session), failed.reason());
                LOG.warn("Session {} is renewed later: {}", session.sid(), failed.reason());
                return new Renewal.Delayed(failed.reason());
            }
        }
    }

    private Renewal keep(Session old, TokenEndpoint.Answer.Tokens tokens) {
        String refreshToken = tokens.refreshToken() == null ? old.refreshToken() : tokens.refreshToken();
        // Verified here once, off every request's path: roles may have changed since.
        Set<String> roles = verifier.verify(tokens.accessToken()) instanceof Verdict.Accepted accepted
                ? accepted.token().roles()
                : old.roles();
        Session renewed = old.renewed(tokens.accessToken(), refreshToken, roles);
        String sealed = cookie.sealRenewed(renewed);
        Successors.Held held =
                successors.hold(old, renewed, sealed, OwnToken.expiry(old).orElseGet(clock::instant));
        return new Renewal.Done(renewed, sealed, held);
    }

    /** A bug or a session that has outgrown its cookie: the old cookie stays, so nothing is lost. */
    private Renewal broken(String key, Throwable failure) {
        count("failed");
        String why = String.valueOf(
                failure instanceof ServiceException documented ? documented.getMessage() : failure.toString());
        LOG.error("A renewed session could not be kept: {}", why, failure);
        unkept.put(key, why);
        return new Renewal.Delayed(why);
    }

    private <T extends Object> Cache<String, T> remembered(String kind, Duration kept) {
        Cache<String, T> cache = Caffeine.newBuilder()
                .maximumSize(MAX_REMEMBERED)
                .expireAfterWrite(kept)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
        Gauge.builder("gateway.renewal.remembered", cache, Cache::estimatedSize)
                .tag("kind", kind)
                .description("Sessions whose renewal is not asked for again for a while, by reason")
                .register(metrics);
        return cache;
    }

    private void count(String outcome) {
        metrics.counter("gateway.renewals", "outcome", outcome).increment();
    }
}
