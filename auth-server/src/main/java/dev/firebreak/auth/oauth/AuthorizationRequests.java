package dev.firebreak.auth.oauth;

import dev.firebreak.auth.sso.SsoAuthentication;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;

/**
 * Judges authorization requests by the framework's own rules and a few more, and tells "wrong" from "sign in first". The
 * order matters: nobody is asked for a password on behalf of a request that would be refused afterwards.
 */
final class AuthorizationRequests implements AuthenticationProvider {
    /** What the framework says of a good request whose user is not known. A test pins it. */
    private static final String NOBODY_SIGNED_IN = "OAuth 2.0 Parameter: principal";

    private static final Authentication NOBODY =
            new AnonymousAuthenticationToken("nobody", "nobody", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS"));

    private final OAuth2AuthorizationCodeRequestAuthenticationProvider rules;

    private final TokenLimits limits;

    AuthorizationRequests(OAuth2AuthorizationCodeRequestAuthenticationProvider rules, TokenLimits limits) {
        this.rules = rules;
        this.limits = limits;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2AuthorizationCodeRequestAuthenticationToken request =
                (OAuth2AuthorizationCodeRequestAuthenticationToken) authentication;
        if (request.getPrincipal() instanceof SsoAuthentication user) {
            limits.requireSession(user.session().sid());
        }
        try {
            return rules.authenticate(
                    request.getPrincipal() instanceof SsoAuthentication ? request : withoutUser(request));
        } catch (OAuth2AuthorizationCodeRequestAuthenticationException e) {
            if (NOBODY_SIGNED_IN.equals(e.getError().getDescription())) {
                throw new SignInRequired(request);
            }
            throw e;
        }
    }

    /** Whoever is not signed in by our own session is nobody here. */
    private static OAuth2AuthorizationCodeRequestAuthenticationToken withoutUser(
            OAuth2AuthorizationCodeRequestAuthenticationToken request) {
        return new OAuth2AuthorizationCodeRequestAuthenticationToken(
                request.getAuthorizationUri(),
                request.getClientId(),
                NOBODY,
                request.getRedirectUri(),
                request.getState(),
                request.getScopes(),
                request.getAdditionalParameters());
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2AuthorizationCodeRequestAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
