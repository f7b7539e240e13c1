package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.contracts.token.Scopes;
import java.util.Set;
import java.util.TreeSet;
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

    private final Clients clients;
    private final TokenMint mint;

    ClientCredentialsGrant(Clients clients, TokenMint mint) {
        this.clients = clients;
        this.mint = mint;
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
        return new OAuth2AccessTokenAuthenticationToken(
                client.requireRegistration(),
                (Authentication) asked.getPrincipal(),
                mint.accessToken(client.id(), scopes));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientCredentialsAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
