package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.grant.RefreshTokens;
import dev.firebreak.auth.grant.RefreshTokens.Outcome;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2RefreshTokenAuthenticationToken;

/** Refresh token → successor and new tokens (RFC 6749, 6), in one SQL statement. */
final class RefreshGrant implements AuthenticationProvider {
    private final Clients clients;
    private final RefreshTokens refreshTokens;
    private final TokenMint mint;

    RefreshGrant(Clients clients, RefreshTokens refreshTokens, TokenMint mint) {
        this.clients = clients;
        this.refreshTokens = refreshTokens;
        this.mint = mint;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2RefreshTokenAuthenticationToken asked = (OAuth2RefreshTokenAuthenticationToken) authentication;
        Client client = ClientAuthentication.of(clients, asked.getPrincipal());
        TokenAnswer.requireGrant(client, AuthorizationGrantType.REFRESH_TOKEN);
        // What the client could never get is refused before the token is spent.
        TokenAnswer.requireScopes(asked.getScopes(), client.scopes());
        mint.requireReady();
        return switch (refreshTokens.refresh(asked.getRefreshToken(), client.id(), client.confidential())) {
            case Outcome.Renewed renewed -> {
                Set<String> granted = TokenAnswer.stillAllowed(renewed.grant(), client);
                Set<String> scopes =
                        asked.getScopes().isEmpty() ? granted : TokenAnswer.requireScopes(asked.getScopes(), granted);
                yield TokenAnswer.ofUser(
                        mint,
                        client,
                        (Authentication) asked.getPrincipal(),
                        renewed.grant(),
                        scopes,
                        mint.newJti(),
                        renewed.refreshToken());
            }
            case Outcome.Refused(String why) ->
                throw OAuthFailure.of(
                        OAuth2ErrorCodes.INVALID_GRANT,
                        "The refresh token is not valid",
                        "refresh token of client '%s': %s".formatted(client.id(), why));
        };
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2RefreshTokenAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
