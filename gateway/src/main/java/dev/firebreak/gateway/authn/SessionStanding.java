package dev.firebreak.gateway.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.SessionError;
import dev.firebreak.gateway.renewal.Renewal;
import dev.firebreak.gateway.renewal.RenewalPolicy;
import dev.firebreak.gateway.renewal.Renewals;
import dev.firebreak.gateway.route.Relay;
import dev.firebreak.gateway.session.EndedSessions;
import dev.firebreak.gateway.session.OwnToken;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustSource;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Says how a session stands, renewing it where that is due. The session's own access token being expired, or signed by a
 * revoked key, says nothing on the session; only a revoked session, user or client, the session's end, or the
 * authorization server's own word is proof. Memory alone until a renewal is due.
 */
@Component
class SessionStanding {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStanding.class);
    /** A token that was renewed so recently gains nothing by another renewal. */
    private static final Duration JUST_RENEWED = Duration.ofSeconds(30);

    private final TokenVerifier verifier;
    private final TrustSource trust;
    private final RenewalPolicy policy;
    private final Renewals renewals;
    private final EndedSessions ended;
    private final OutageBudget budget;
    private final SecondLook secondLook;
    private final InstantSource clock;

    SessionStanding(
            TokenVerifier verifier,
            TrustSource trust,
            RenewalPolicy policy,
            Renewals renewals,
            EndedSessions ended,
            OutageBudget budget,
            SecondLook secondLook,
            InstantSource clock) {
        this.verifier = verifier;
        this.trust = trust;
        this.policy = policy;
        this.renewals = renewals;
        this.ended = ended;
        this.budget = budget;
        this.secondLook = secondLook;
        this.clock = clock;
    }

    /** How this session stands now; a renewed one travels back with the answer. */
    Mono<Standing> of(Session session, ServerWebExchange exchange) {
        Instant now = clock.instant();
        Standing.Ended over = provedOver(session, now);
        if (over != null) {
            return Mono.just(over);
        }
        return switch (verifier.verify(session.accessToken())) {
            case Verdict.Accepted(VerifiedToken token) -> ofAccepted(session, token, exchange, now);
            case Verdict.Refused refused -> {
                if (isProofAgainst(session, refused)) {
                    yield Mono.just(revoked());
                }
                yield isRefusedForNothingThatARenewalMends(session, refused, now)
                        ? Mono.just(new Standing.Paused(session, disagreement()))
                        : renew(session, null, exchange);
            }
            case Verdict.Unknown unknown -> Mono.just(paused(session, unknown));
        };
    }

    /** A new token that is refused here, neither expired nor revoked: the next one would be too, at each request. */
    private static boolean isRefusedForNothingThatARenewalMends(Session session, Verdict.Refused refused, Instant now) {
        return refused.reason() == AuthError.TOKEN_INVALID
                && OwnToken.issuedAt(session)
                        .filter(at -> at.plus(JUST_RENEWED).isAfter(now))
                        .isPresent();
    }

    /**
     * After a service refused a token that was accepted here: the session with a newer token, or what is wrong with it.
     * Paused if the token is new already and stays good here, because then another would not help.
     */
    Mono<Standing> renewDisputed(Session session, VerifiedToken token, ServerWebExchange exchange) {
        Instant now = clock.instant();
        if (verifier.verify(session.accessToken()) instanceof Verdict.Refused refused
                && isProofAgainst(session, refused)) {
            return Mono.just(revoked());
        }
        return token.issuedAt().plus(JUST_RENEWED).isAfter(now)
                ? secondLook
                        .until(() -> isRefused(session), exchange)
                        .flatMap(refused -> refused
                                ? of(session, exchange)
                                : Mono.just(new Standing.Paused(session, disagreement())))
                : renewals.renew(session, false).flatMap(renewal -> settleDisputed(session, renewal, exchange));
    }

    private Mono<Standing> settleDisputed(Session session, Renewal renewal, ServerWebExchange exchange) {
        return switch (renewal) {
            case Renewal.Delayed _ -> Mono.just(new Standing.Paused(session, disagreement()));
            // In its turn, as everybody's when a key was revoked; else nothing would be gained by coming back.
            case Renewal.Queued _ ->
                whyStillDisputed(session.accessToken(), exchange).map(why -> new Standing.Paused(session, why));
            default -> Mono.just(settle(session, null, renewal, exchange));
        };
    }

    /**
     * After a service refused a session's token, and a newer one or the wait for one did not help: renewing, if this
     * gateway hears within a moment that the token's key was revoked (its authorization server may have signed with that key
     * a moment longer), else a disagreement.
     */
    Mono<ServiceException> whyStillDisputed(String accessToken, ServerWebExchange exchange) {
        return secondLook
                .until(() -> verifier.verify(accessToken) instanceof Verdict.Refused, exchange)
                .map(refused -> refused ? renewing() : disagreement());
    }

    private boolean isRefused(Session session) {
        return verifier.verify(session.accessToken()) instanceof Verdict.Refused;
    }

    /** What is said when two verifiers disagree and nothing more can be done about it in this request. */
    static ServiceException disagreement() {
        return new ServiceException(
                AuthError.VERIFIERS_DISAGREE,
                "The service refused a token that the gateway has verified; your session is kept",
                Duration.ofSeconds(2));
    }

    private Mono<Standing> ofAccepted(Session session, VerifiedToken token, ServerWebExchange exchange, Instant now) {
        Duration call = Relay.of(exchange).callTimeout();
        return switch (policy.decide(now, token.issuedAt(), token.expiresAt(), session.sid(), call)) {
            case KEEP -> {
                budget.record(Duration.between(now, policy.usableUntil(token.expiresAt())));
                yield Mono.just(new Standing.Usable(session, token, false));
            }
            case DUE -> {
                budget.record(Duration.between(now, policy.usableUntil(token.expiresAt())));
                yield renew(session, token, exchange);
            }
            case REQUIRED -> renew(session, null, exchange);
        };
    }

    /** Renews; with a {@code fallback} the old token serves on if that takes long or fails. */
    private Mono<Standing> renew(Session session, @Nullable VerifiedToken fallback, ServerWebExchange exchange) {
        return renewals.renew(session, fallback != null)
                .flatMap(renewal ->
                        renewal instanceof Renewal.Done done && fallback == null && isOfAnOldKey(done.session())
                                // Kept from a moment ago, and its key has been taken back since. Once: a second one is
                                // no better.
                                ? renewals.renew(done.session(), false)
                                        .map(next -> settle(done.session(), null, next, exchange))
                                : Mono.just(settle(session, fallback, renewal, exchange)));
    }

    /** Whether the session's token is refused, for its key and for nothing that the session has done. */
    private boolean isOfAnOldKey(Session session) {
        return verifier.verify(session.accessToken()) instanceof Verdict.Refused refused
                && isForItsKey(refused)
                && !isProofAgainst(session, refused);
    }

    private static boolean isForItsKey(Verdict.Refused refused) {
        return refused.reason() == AuthError.TOKEN_REVOKED || refused.reason() == AuthError.KEY_UNKNOWN;
    }

    private Standing settle(
            Session session, @Nullable VerifiedToken fallback, Renewal renewal, ServerWebExchange exchange) {
        return switch (renewal) {
            case Renewal.Done done -> {
                // Delivered whatever comes of this request: the old refresh token has been used.
                renewals.deliver(exchange, session, done);
                yield ofRenewed(session, fallback, done.session());
            }
            case Renewal.Ended _ ->
                new Standing.Ended(
                        new ServiceException(SessionError.ENDED, "The session was ended at the authorization server"));
            case Renewal.Delayed _ ->
                fallback(
                        session,
                        fallback,
                        AuthError.UNAVAILABLE,
                        "Your session cannot be renewed at the moment because the authorization server is away; it is kept");
            // Somebody else is renewing it, or will in a moment: with a token in hand nothing is delayed yet.
            case Renewal.Queued queued when fallback != null -> new Standing.Usable(session, fallback, queued.slow());
            case Renewal.Queued _ -> new Standing.Paused(session, renewing());
        };
    }

    /** What is said to a session that has to wait for its turn. */
    static ServiceException renewing() {
        return new ServiceException(
                SessionError.RENEWING,
                "Your session is waiting for its turn to be renewed; it is kept",
                Duration.ofSeconds(2));
    }

    private Standing ofRenewed(Session old, @Nullable VerifiedToken fallback, Session renewed) {
        return switch (verifier.verify(renewed.accessToken())) {
            case Verdict.Accepted(VerifiedToken token) -> new Standing.Usable(renewed, token, false);
            case Verdict.Refused refused when isProofAgainst(renewed, refused) -> revoked();
            case Verdict.Refused refused -> {
                LOG.error(
                        "The renewed token of session {} is refused here: {}",
                        renewed.sid(),
                        refused.reason().code());
                if (fallback != null) {
                    yield new Standing.Usable(old, fallback, true);
                }
                // Signed by a node of the authorization server that has not yet heard what this gateway has.
                yield new Standing.Paused(renewed, isForItsKey(refused) ? renewing() : disagreement());
            }
            case Verdict.Unknown unknown ->
                fallback != null ? new Standing.Usable(old, fallback, true) : paused(renewed, unknown);
        };
    }

    /** An expired token is not asked whether it was revoked, so its session is, by itself. */
    private boolean isProofAgainst(Session session, Verdict.Refused refused) {
        return OwnToken.endsSession(refused.revokedBy())
                || trust.current()
                        .filter(snapshot -> OwnToken.isSessionRevoked(session, snapshot))
                        .isPresent();
    }

    private static Standing fallback(Session session, @Nullable VerifiedToken token, ErrorCode why, String detail) {
        return token != null
                ? new Standing.Usable(session, token, true)
                : new Standing.Paused(session, new ServiceException(why, detail, Duration.ofSeconds(2)));
    }

    private Standing.@Nullable Ended provedOver(Session session, Instant now) {
        if (!session.endsAt().isAfter(now)) {
            return new Standing.Ended(new ServiceException(SessionError.ENDED, "The session has reached its end"));
        }
        if (ended.contains(session.sid())) {
            return new Standing.Ended(new ServiceException(SessionError.ENDED, "The session was signed out"));
        }
        return null;
    }

    private static Standing.Ended revoked() {
        return new Standing.Ended(new ServiceException(SessionError.ENDED, "The session was revoked"));
    }

    private static Standing paused(Session session, Verdict.Unknown unknown) {
        return new Standing.Paused(
                session, new ServiceException(unknown.reason(), unknown.reason().help(), unknown.retryAfter()));
    }
}
