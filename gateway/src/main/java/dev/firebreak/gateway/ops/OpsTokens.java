package dev.firebreak.gateway.ops;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.FirebreakProperties;
import dev.firebreak.gateway.renewal.RenewalPolicy;
import dev.firebreak.gateway.renewal.TokenEndpoint;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifiedToken;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Gets a session the token that the operators' endpoints take. One exchange for each access token, however many requests
 * want it; a renewed session has a new one and exchanges anew. Bounded in what is kept and in what is under way.
 */
@Component
public class OpsTokens {
    private static final Logger LOG = LoggerFactory.getLogger(OpsTokens.class);
    private static final String ROLE = "operator";
    /** Operators are few; each leaves a token behind with every renewal, until that would have ended. */
    private static final int MAX_KEPT = 1_000;
    /** Few enough to leave the renewals, which share the connections, theirs. */
    private static final int MAX_IN_FLIGHT = 8;
    /** How long a session whose exchange failed is answered from memory. */
    private static final Duration REST = Duration.ofSeconds(1);

    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private final TokenEndpoint endpoint;
    private final TokenVerifier verifier;
    private final RenewalPolicy policy;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final String audience;
    private final Semaphore permits = new Semaphore(MAX_IN_FLIGHT);
    private final AsyncCache<String, Outcome> outcomes;

    /** What came of an exchange. */
    private sealed interface Outcome {
        record Granted(String value) implements Outcome {
            @Override
            public String toString() {
                return "Granted";
            }
        }

        /** A reason rather than an exception, because several requests are told. */
        record Failed(ErrorCode error, String detail) implements Outcome {}
    }

    OpsTokens(
            TokenEndpoint endpoint,
            OpsVerifier verifier,
            RenewalPolicy policy,
            FirebreakProperties firebreak,
            InstantSource clock,
            MeterRegistry metrics) {
        this.endpoint = endpoint;
        this.verifier = verifier.verifier();
        this.policy = policy;
        this.clock = clock;
        this.metrics = metrics;
        this.audience = firebreak.opsAudience();
        this.outcomes = Caffeine.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfter(Expiry.<String, Outcome>creating((key, outcome) -> keptFor(outcome)))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .buildAsync();
        Gauge.builder("gateway.ops.tokens", outcomes, it -> it.synchronous().estimatedSize())
                .description("Exchanged tokens for the operators' endpoints in memory")
                .register(metrics);
        Gauge.builder("gateway.ops.in.flight", permits, it -> MAX_IN_FLIGHT - it.availablePermits())
                .description("Exchanges at the authorization server")
                .register(metrics);
    }

    /**
     * The token of a session that stands; a {@link ServiceException} says why there is none.
     *
     * @param token the session's access token, verified
     */
    public Mono<OpsToken> of(Session session, VerifiedToken token) {
        // The token was verified, so this is proof, and costs the authorization server nothing.
        if (!token.roles().contains(ROLE)) {
            return Mono.error(new ServiceException(AuthError.OPERATOR_REQUIRED, "This needs the role operator."));
        }
        String key = key(session);
        return outcome(key, session).flatMap(outcome -> {
            if (outcome instanceof Outcome.Granted(String value) && verifier.verify(value) instanceof Verdict.Refused) {
                // Its own key may have been revoked meanwhile: the next one is signed by another.
                outcomes.synchronous().asMap().remove(key, outcome);
                return outcome(key, session).flatMap(next -> settle(key, next));
            }
            return settle(key, outcome);
        });
    }

    private Mono<OpsToken> settle(String key, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Granted(String value) ->
                switch (verifier.verify(value)) {
                    case Verdict.Accepted(VerifiedToken verified) -> Mono.just(new OpsToken(value, verified));
                    case Verdict.Refused refused -> {
                        LOG.error(
                                "The exchanged token is refused here: {}",
                                refused.reason().code());
                        Outcome.Failed failed = disagreement();
                        outcomes.put(key, CompletableFuture.completedFuture(failed));
                        yield failure(failed);
                    }
                    case Verdict.Unknown unknown ->
                        Mono.error(new ServiceException(
                                unknown.reason(), unknown.reason().help(), unknown.retryAfter()));
                };
            case Outcome.Failed failed -> failure(failed);
        };
    }

    private static Mono<OpsToken> failure(Outcome.Failed failed) {
        return Mono.error(new ServiceException(failed.error(), failed.detail(), COME_BACK));
    }

    /** The exchange is shared: whoever stops waiting must not cancel it. */
    private Mono<Outcome> outcome(String key, Session session) {
        CompletableFuture<Outcome> mine = new CompletableFuture<>();
        CompletableFuture<Outcome> theirs = outcomes.asMap().putIfAbsent(key, mine);
        if (theirs == null) {
            exchange(session, mine);
        }
        return Mono.fromFuture(theirs == null ? mine : theirs, true);
    }

    private void exchange(Session session, CompletableFuture<Outcome> result) {
        if (!permits.tryAcquire()) {
            count("saturated");
            result.complete(
                    new Outcome.Failed(ServiceError.SATURATED, "Too many operators' tokens are being exchanged."));
            return;
        }
        endpoint.exchange(session.accessToken(), audience)
                .map(answer -> read(answer, session))
                .onErrorResume(e -> Mono.just(away(session, e.toString())))
                .doFinally(_ -> permits.release())
                .subscribe(result::complete);
    }

    private Outcome read(TokenEndpoint.Answer answer, Session session) {
        return switch (answer) {
            case TokenEndpoint.Answer.Tokens tokens -> {
                count("done");
                yield new Outcome.Granted(tokens.accessToken());
            }
            case TokenEndpoint.Answer.InvalidGrant verdict -> {
                // It knows of a revocation before us: by the next attempt we do too, and say so as proof.
                count("refused");
                LOG.info("The token of session {} was not exchanged: {}", session.sid(), verdict.description());
                yield disagreement();
            }
            case TokenEndpoint.Answer.Failed failed
            when failed.isDenied() -> {
                count("denied");
                yield new Outcome.Failed(AuthError.OPERATOR_REQUIRED, "This needs the role operator.");
            }
            case TokenEndpoint.Answer.Failed failed -> away(session, failed.reason());
        };
    }

    private Outcome away(Session session, String why) {
        count("failed");
        LOG.warn("The token of session {} is exchanged later: {}", session.sid(), why);
        return new Outcome.Failed(
                AuthError.UNAVAILABLE,
                "The token for this cannot be had because the authorization server is away; your session is kept.");
    }

    private static Outcome.Failed disagreement() {
        return new Outcome.Failed(
                AuthError.VERIFIERS_DISAGREE,
                "Gateway and authorization server disagree about a token; your session is kept.");
    }

    private Duration keptFor(Outcome outcome) {
        Duration kept = outcome instanceof Outcome.Granted(String value)
                        && verifier.verify(value) instanceof Verdict.Accepted(VerifiedToken token)
                ? Duration.between(clock.instant(), policy.usableUntil(token.expiresAt()))
                : REST;
        return kept.isNegative() ? Duration.ZERO : kept;
    }

    /** Names the session's access token without being it. */
    private static String key(Session session) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(session.accessToken().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private void count(String outcome) {
        metrics.counter("gateway.ops.exchanges", "outcome", outcome).increment();
    }
}
