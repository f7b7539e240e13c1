package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.grant.UserGrant;
import dev.firebreak.contracts.token.Scopes;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;

/** The token endpoint's success (RFC 6749, 5.1), in the framework's terms. */
final class TokenAnswer {
    private TokenAnswer() {}

    /**
     * Tokens for a user: access token, ID token if the grant has {@code openid}, and the refresh token if there is one.
     *
     * @param scopes of the access token and of what the ID token tells; all of the grant's or fewer
     */
    static OAuth2AccessTokenAuthenticationToken ofUser(
            TokenMint mint,
            Client client,
            Authentication clientPrincipal,
            UserGrant grant,
            Set<String> scopes,
            String jti,
            @Nullable String refreshToken) {
        OAuth2AccessToken access = mint.accessToken(grant, scopes, jti);
        Map<String, Object> more =
                scopes.contains(Scopes.OPENID) ? Map.of("id_token", mint.idToken(grant, scopes)) : Map.of();
        return new OAuth2AccessTokenAuthenticationToken(
                client.requireRegistration(),
                clientPrincipal,
                access,
                refreshToken == null ? null : new OAuth2RefreshToken(refreshToken, access.getIssuedAt()),
                more);
    }

    static void requireGrant(Client client, AuthorizationGrantType grant) {
        if (!client.may(grant)) {
            throw OAuthFailure.of(OAuth2ErrorCodes.UNAUTHORIZED_CLIENT, "This client may not use " + grant.getValue());
        }
    }

    /** What of a grant the client's file still allows: a scope taken out of the file ends with the next renewal. */
    static Set<String> stillAllowed(UserGrant grant, Client client) {
        Set<String> allowed = new TreeSet<>(grant.scopes());
        allowed.retainAll(client.scopes());
        if (allowed.isEmpty()) {
            // Not invalid_grant: a mistake in the file must not end sessions for good.
            throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_SCOPE, "The client may not have any of these scopes now");
        }
        return allowed;
    }

    /** What was asked for if it is part of what is allowed. */
    static Set<String> requireScopes(Set<String> asked, Set<String> allowed) {
        if (!allowed.containsAll(asked)) {
            throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_SCOPE, "A scope is asked for that may not be granted");
        }
        return asked;
    }
}
