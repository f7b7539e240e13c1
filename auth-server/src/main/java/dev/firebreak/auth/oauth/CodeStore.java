package dev.firebreak.auth.oauth;

import dev.firebreak.auth.grant.AuthorizationCodes;
import dev.firebreak.auth.sso.SsoAuthentication;
import java.security.Principal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;

/**
 * The framework's store of authorizations, cut down to the one thing that is stored through it: an authorization code, in
 * one INSERT. Codes and refresh tokens are used up by {@link CodeGrant} and {@link RefreshGrant}, access and ID tokens are
 * stored nowhere, so nothing is ever looked up here.
 */
final class CodeStore implements OAuth2AuthorizationService {
    private final AuthorizationCodes codes;

    CodeStore(AuthorizationCodes codes) {
        this.codes = codes;
    }

    @Override
    public void save(OAuth2Authorization authorization) {
        OAuth2Authorization.Token<OAuth2AuthorizationCode> code = authorization.getToken(OAuth2AuthorizationCode.class);
        OAuth2AuthorizationRequest request = authorization.getAttribute(OAuth2AuthorizationRequest.class.getName());
        Principal principal = authorization.getAttribute(Principal.class.getName());
        String redirectUri = request == null ? null : request.getRedirectUri();
        if (code == null || request == null || redirectUri == null || !(principal instanceof SsoAuthentication user)) {
            throw new IllegalStateException("Only authorization codes of signed-in users are stored");
        }
        Map<String, Object> parameters = request.getAdditionalParameters();
        codes.store(
                code.getToken().getTokenValue(),
                new AuthorizationCodes.NewCode(
                        request.getClientId(),
                        user.session().sid(),
                        redirectUri,
                        String.valueOf(parameters.get(PkceParameterNames.CODE_CHALLENGE)),
                        request.getScopes(),
                        (String) parameters.get("nonce")));
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        throw new UnsupportedOperationException("Authorizations end with their sign-in");
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        return null;
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
        return null;
    }
}
