package dev.firebreak.gateway.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.gateway.ratelimit.Buckets;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Judges tokens that clients send themselves. Each network has a budget of tokens that fail verification; once it is used
 * up, tokens that were not verified before are turned away unread, so that nobody can buy signature checks with garbage.
 * Tokens out of an opened seal never come here.
 */
@Component
class BearerCheck {
    private static final String SCHEME = "bearer ";
    /** Enough for a client with a broken configuration to be noticed by its 401s before it is slowed down. */
    private static final int BURST_SECONDS = 10;
    /** Expired and revoked tokens were good once: they cost no signature check and prove no malice. */
    private static final Set<AuthError> COUNTED =
            Set.of(AuthError.TOKEN_MALFORMED, AuthError.TOKEN_INVALID, AuthError.KEY_UNKNOWN);

    private final Buckets failures;

    BearerCheck(GatewayProperties gateway, InstantSource clock, MeterRegistry metrics) {
        int rate = gateway.rateLimit().failedTokens();
        this.failures = new Buckets(rate, rate * BURST_SECONDS, clock).measured("failed-token", metrics);
    }

    /**
     * The caller of a request with this {@code Authorization}; a {@link ServiceException} says why there is none.
     *
     * @param verifier of the area's audience
     */
    Caller check(String authorization, String network, TokenVerifier verifier) {
        String token = tokenOf(authorization);
        if (token == null) {
            failures.take(network);
            throw new ServiceException(
                    AuthError.TOKEN_MALFORMED, "The Authorization header does not carry a bearer token");
        }
        if (!failures.hasToken(network) && !verifier.isWarm(token)) {
            throw new ServiceException(
                    RateError.LIMITED,
                    "Too many tokens from this address failed verification; this one was not looked at",
                    Duration.ofSeconds(5));
        }
        return switch (verifier.verify(token)) {
            case Verdict.Accepted accepted -> new Caller(token, accepted.token(), null);
            case Verdict.Refused refused -> {
                if (COUNTED.contains(refused.reason())) {
                    failures.take(network);
                }
                throw new ServiceException(refused.reason(), refused.reason().help());
            }
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().help(), unknown.retryAfter());
        };
    }

    private static @Nullable String tokenOf(String authorization) {
        boolean bearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String token = bearer ? authorization.substring(SCHEME.length()).strip() : "";
        return token.isEmpty() ? null : token;
    }
}
