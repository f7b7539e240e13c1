package dev.firebreak.auth.oauth;

import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;

/** The authorization request is good; only the user has to sign in first. */
final class SignInRequired extends OAuth2AuthorizationCodeRequestAuthenticationException {
    private static final long serialVersionUID = 1L;

    SignInRequired(OAuth2AuthorizationCodeRequestAuthenticationToken request) {
        super(new OAuth2Error(OAuth2ErrorCodes.ACCESS_DENIED, "Sign-in required", null), request);
    }
}
