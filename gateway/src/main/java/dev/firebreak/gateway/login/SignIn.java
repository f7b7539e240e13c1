package dev.firebreak.gateway.login;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.SessionError;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.gateway.platform.FirebreakProperties;
import dev.firebreak.gateway.platform.PublicOrigin;
import dev.firebreak.gateway.renewal.TokenEndpoint;
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
import reactor.core.publisher.Mono;

/**
 * Turns an authorization code into a session. Only the authorization server's refusal of the code blames the sign-in;
 * everything else that goes wrong is infrastructure.
 */
@Component
class SignIn {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);

    private final TokenEndpoint endpoint;
    private final TokenVerifier verifier;
    private final TrustSource trust;
    private final InstantSource clock;
    private final String issuer;
    private final String clientId;
    private final String redirectUri;

    SignIn(
            TokenEndpoint endpoint,
            TokenVerifier verifier,
            TrustSource trust,
            InstantSource clock,
            FirebreakProperties firebreak,
            PublicOrigin origin) {
        this.endpoint = endpoint;
        this.verifier = verifier;
        this.trust = trust;
        this.clock = clock;
        this.issuer = firebreak.issuer().toString();
        this.clientId = firebreak.client().id();
        this.redirectUri = origin.url(LoginRoutes.CALLBACK);
    }

    /** Exchanges the code; a {@link ServiceException} says why that failed. */
    Mono<Session> complete(LoginAttempt attempt, String code) {
        return endpoint.redeem(code, attempt.verifier(), redirectUri).map(answer -> switch (answer) {
            case TokenEndpoint.Answer.Tokens tokens -> session(attempt, tokens);
            case TokenEndpoint.Answer.InvalidGrant verdict -> {
                LOG.info("A sign-in was refused: {}", verdict.description());
                throw new ServiceException(
                        SessionError.LOGIN_REFUSED,
                        "This sign-in was completed before or took too long. Start again; you may not be asked anything.");
            }
            case TokenEndpoint.Answer.Failed failed -> {
                LOG.warn("A sign-in could not be completed: {}", failed.reason());
                throw new ServiceException(
                        AuthError.UNAVAILABLE,
                        "The sign-in could not be completed because the authorization server is away. Reload this page"
                                + " in a moment, or start again.",
                        Duration.ofSeconds(2));
            }
        });
    }

    private Session session(LoginAttempt attempt, TokenEndpoint.Answer.Tokens tokens) {
        if (tokens.refreshToken() == null) {
            throw disagreement("there is no refresh token", null);
        }
        VerifiedToken access = switch (verifier.verify(tokens.accessToken())) {
            case Verdict.Accepted accepted -> accepted.token();
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().help(), unknown.retryAfter());
            case Verdict.Refused refused ->
                throw disagreement(
                        "the access token is refused with " + refused.reason().code(), null);
        };
        IdToken id = idToken(attempt, tokens);
        if (access.sid() == null || !access.sub().equals(id.sub())) {
            throw disagreement("access token and ID token do not belong together", null);
        }
        Instant endsAt = clock.instant().plus(Lifetimes.REFRESH_ABSOLUTE);
        return new Session(
                tokens.accessToken(),
                tokens.refreshToken(),
                access.sid(),
                id.name(),
                id.email(),
                access.roles(),
                endsAt);
    }

    private IdToken idToken(LoginAttempt attempt, TokenEndpoint.Answer.Tokens tokens) {
        IdToken.Demands demands = new IdToken.Demands(issuer, clientId, attempt.nonce());
        try {
            return IdToken.read(
                    tokens.idToken(),
                    demands,
                    trust.current()
                            .orElseThrow(() -> new ServiceException(
                                    AuthError.TRUST_UNAVAILABLE,
                                    AuthError.TRUST_UNAVAILABLE.help(),
                                    Duration.ofSeconds(2))),
                    clock.instant());
        } catch (IdToken.Unacceptable e) {
            throw disagreement("the ID token is not acceptable: " + e.getMessage(), e);
        }
    }

    /** What the authorization server itself has just issued and we refuse: a fault between the two, not the user's. */
    private static ServiceException disagreement(String why, @Nullable Exception cause) {
        LOG.error("The authorization server's answer to a sign-in cannot be used: {}", why);
        String detail = "The sign-in could not be completed. Start again; if it fails again, tell whoever runs this.";
        return cause == null
                ? new ServiceException(AuthError.VERIFIERS_DISAGREE, detail)
                : new ServiceException(AuthError.VERIFIERS_DISAGREE, detail, cause);
    }
}
