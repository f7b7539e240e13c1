package dev.firebreak.auth.oauth;

import dev.firebreak.auth.sso.FreshProof;
import dev.firebreak.auth.sso.SsoAuthentication;
import dev.firebreak.auth.user.UserAccount;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationContext;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;

/**
 * What we ask of an authorization request beyond the framework's rules. Runs after its check of the redirect URI, so errors
 * may go there.
 */
final class AuthorizationRules implements Consumer<OAuth2AuthorizationCodeRequestAuthenticationContext> {
    /** Base64url of 32 bytes: what S256 makes (RFC 7636, 4.2). */
    private static final Pattern S256_CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final int MAX_NONCE_CHARS = 512;
    /** Where the token shall be used (RFC 8707, 2). */
    private static final String RESOURCE = "resource";
    /** RFC 8707, 2. */
    private static final String INVALID_TARGET = "invalid_target";
    /** OpenID Connect Core, 3.1.2.1. Consent is between us and ourselves, so asking for it asks for nothing. */
    private static final Set<String> PROMPTS = Set.of("none", "login", "select_account", "consent");

    private final OAuthSettings settings;

    AuthorizationRules(OAuthSettings settings) {
        this.settings = settings;
    }

    @Override
    public void accept(OAuth2AuthorizationCodeRequestAuthenticationContext context) {
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
        requireReadableStepUp(request, parameters);
        requireAudience(request, parameters.get(RESOURCE));
    }

    /** A demand for a fresh proof that we would not understand must not pass as none. */
    private static void requireReadableStepUp(
            OAuth2AuthorizationCodeRequestAuthenticationToken request, Map<String, Object> parameters) {
        Object prompt = parameters.get(FreshProof.PROMPT);
        if (prompt != null && !(prompt instanceof String text && isPrompt(text))) {
            throw refused(request, OAuth2ErrorCodes.INVALID_REQUEST, "prompt is not one that is supported");
        }
        Object maxAge = parameters.get(FreshProof.MAX_AGE);
        if (maxAge != null && !(maxAge instanceof String text && FreshProof.isMaxAge(text))) {
            throw refused(request, OAuth2ErrorCodes.INVALID_REQUEST, "max_age must be a number of seconds");
        }
    }

    private static boolean isPrompt(String text) {
        return Arrays.stream(text.split(" ")).allMatch(PROMPTS::contains);
    }

    /** The scopes decide where a token is good for; a resource that is named must be that one. */
    private void requireAudience(OAuth2AuthorizationCodeRequestAuthenticationToken request, @Nullable Object resource) {
        String audience = settings.audienceOf(request.getScopes());
        if (resource != null && !resource.equals(audience)) {
            throw refused(request, INVALID_TARGET, "these scopes are not for this resource");
        }
        // Everybody else's token would have no scope left. Whoever is not signed in yet is asked again when they are.
        if (audience.equals(settings.opsAudience())
                && request.getPrincipal() instanceof SsoAuthentication signedIn
                && signedIn.user().role() != UserAccount.Role.OPERATOR) {
            throw refused(request, OAuth2ErrorCodes.ACCESS_DENIED, "only an operator may have these scopes");
        }
    }

    private static OAuth2AuthorizationCodeRequestAuthenticationException refused(
            OAuth2AuthorizationCodeRequestAuthenticationToken request, String code, String description) {
        return new OAuth2AuthorizationCodeRequestAuthenticationException(
                new OAuth2Error(code, description, null), request);
    }
}
