package dev.firebreak.auth.oauth;

import dev.firebreak.auth.sso.SsoAuthentication;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
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
    /** Base64url of 32 bytes: what S256 makes (RFC 7636, 4.2). */
    private static final Pattern S256_CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final int MAX_NONCE_CHARS = 512;
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

    /** What we ask beyond the framework's rules. Runs after its check of the redirect URI, so errors may go there. */
    static void requireOurs(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
        OAuth2AuthorizationCodeRequestAuthenticationToken request = context.getAuthentication();
        Map<String, Object> parameters = request.getAdditionalParameters();
        if (request.getRedirectUri() == null) {
            throw refused(request, OAuth2ErrorCodes.INVALID_REQUEST, "redirect_uri is required");
        }
        if (request.getScopes().isEmpty()) {
            throw refused(request, OAuth2ErrorCodes.INVALID_SCOPE, "scope is required");
        }
        if (!(parameters.get(PkceParameterNames.CODE_CHALLENGE) instanceof String challenge)
                || !S256_CHALLENGE.matcher(challenge).matches()) {
            throw refused(request, OAuth2ErrorCodes.INVALID_REQUEST, "code_challenge is required, by S256");
        }
        if (parameters.get("nonce") instanceof Object nonce
                && !(nonce instanceof String text && text.length() <= MAX_NONCE_CHARS)) {
            throw refused(request, OAuth2ErrorCodes.INVALID_REQUEST, "nonce is too long");
        }
        if (!"query".equals(parameters.getOrDefault("response_mode", "query"))) {
            throw refused(request, OAuth2ErrorCodes.INVALID_REQUEST, "response_mode must be query");
        }
        if (parameters.containsKey("request")) {
            throw refused(request, "request_not_supported", "request objects are not supported");
        }
    }

    private static OAuth2AuthorizationCodeRequestAuthenticationException refused(
            OAuth2AuthorizationCodeRequestAuthenticationToken request, String code, String description) {
        return new OAuth2AuthorizationCodeRequestAuthenticationException(
                new OAuth2Error(code, description, null), request);
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2AuthorizationCodeRequestAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
