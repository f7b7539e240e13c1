package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.contracts.token.Scopes;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationToken;

/** A client's own token (RFC 6749, 4.4): no SQL at all. */
final class ClientCredentialsGrant implements AuthenticationProvider {
    /** Scopes about a user, who is absent here. */
    private static final Set<String> OF_USERS =
            Set.of(Scopes.OPENID, Scopes.PROFILE, Scopes.EMAIL, Scopes.GOOGLE_TOKEN);

    /** Where the token shall be used (RFC 8707, 2). */
    private static final String RESOURCE = "resource";

    private final Clients clients;
    private final TokenMint mint;
    private final OAuthSettings settings;

    ClientCredentialsGrant(Clients clients, TokenMint mint, OAuthSettings settings) {
        this.clients = clients;
        this.mint = mint;
        this.settings = settings;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2ClientCredentialsAuthenticationToken asked = (OAuth2ClientCredentialsAuthenticationToken) authentication;
        Client client = ClientAuthentication.of(clients, asked.getPrincipal());
        TokenAnswer.requireGrant(client, AuthorizationGrantType.CLIENT_CREDENTIALS);
        Set<String> allowed = new TreeSet<>(client.scopes());
        allowed.removeAll(OF_USERS);
        Set<String> scopes =
                asked.getScopes().isEmpty() ? allowed : TokenAnswer.requireScopes(asked.getScopes(), allowed);
        requireAudience(asked.getAdditionalParameters().get(RESOURCE), scopes);
        return new OAuth2AccessTokenAuthenticationToken(
                client.requireRegistration(),
                (Authentication) asked.getPrincipal(),
                mint.accessToken(client.id(), scopes));
    }

    /** The scopes decide where a token is good for; a token for elsewhere would only be refused there. */
    private void requireAudience(@Nullable Object resource, Set<String> scopes) {
        if (resource != null && !resource.equals(settings.audienceOf(scopes))) {
            throw OAuthFailure.of(OAuthFailure.INVALID_TARGET, "These scopes are not for this resource");
        }
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientCredentialsAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
