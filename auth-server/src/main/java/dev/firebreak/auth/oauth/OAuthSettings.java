package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.token.Scopes;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * What tokens and answers say of this deployment. From configuration only, never from a request.
 *
 * @param issuer exact {@code iss}
 * @param apiAudience {@code aud} of access tokens for the API
 * @param opsAudience {@code aud} of access tokens for operators' endpoints
 * @param accessTokenTtl life of an access token
 */
record OAuthSettings(String issuer, String apiAudience, String opsAudience, Duration accessTokenTtl) {
    static final String AUTHORIZE = "/oauth2/authorize";
    static final String TOKEN = "/oauth2/token";
    static final String REVOKE = "/oauth2/revoke";
    static final String JWKS = "/oauth2/jwks";
    static final String USER_INFO = "/userinfo";

    /** Scopes that say something of the user and open no endpoint of a resource. */
    private static final Set<String> OF_IDENTITY = Set.of(Scopes.OPENID, Scopes.PROFILE, Scopes.EMAIL);

    /**
     * Where a token of a grant with these scopes is good for: operators' endpoints if all that it opens is theirs. One that
     * opens the API as well is for the API alone, because no token may be good for both (contracts, "Tokens").
     */
    String audienceOf(Set<String> scopes) {
        Set<String> opening = new HashSet<>(scopes);
        opening.removeAll(OF_IDENTITY);
        return !opening.isEmpty() && Scopes.OF_OPERATORS.containsAll(opening) ? opsAudience : apiAudience;
    }

    /** Absolute URL of one of our paths. */
    String url(String path) {
        return issuer + path;
    }

    /** What a client assertion may name as its audience (RFC 7523, 3; OpenID Connect Core, 9). */
    Set<String> assertionAudiences() {
        return Set.of(issuer, url(TOKEN));
    }
}
