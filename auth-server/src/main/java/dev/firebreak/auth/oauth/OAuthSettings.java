package dev.firebreak.auth.oauth;

import java.time.Duration;
import java.util.Set;

/**
 * What tokens and answers say of this deployment. From configuration only, never from a request.
 *
 * @param issuer exact {@code iss}
 * @param apiAudience {@code aud} of access tokens
 * @param opsAudience {@code aud} of the tokens for the operators' endpoints
 * @param accessTokenTtl life of an access token
 */
record OAuthSettings(String issuer, String apiAudience, String opsAudience, Duration accessTokenTtl) {
    static final String AUTHORIZE = "/oauth2/authorize";
    static final String TOKEN = "/oauth2/token";
    static final String REVOKE = "/oauth2/revoke";
    static final String JWKS = "/oauth2/jwks";
    static final String USER_INFO = "/userinfo";

    /** Absolute URL of one of our paths. */
    String url(String path) {
        return issuer + path;
    }

    /** What a client assertion may name as its audience (RFC 7523, 3; OpenID Connect Core, 9). */
    Set<String> assertionAudiences() {
        return Set.of(issuer, url(TOKEN));
    }
}
