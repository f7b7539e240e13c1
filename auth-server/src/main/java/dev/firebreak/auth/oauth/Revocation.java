package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.grant.RefreshTokens;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenRevocationAuthenticationToken;

/**
 * Ends the family of a refresh token (RFC 7009). Access tokens are not taken back one by one: they are short, and ending a
 * sign-in takes all of its back.
 */
final class Revocation implements AuthenticationProvider {
    /** RFC 7009, 2.2.1. */
    private static final String UNSUPPORTED_TOKEN_TYPE = "unsupported_token_type";

    private final Clients clients;
    private final RefreshTokens refreshTokens;

    Revocation(Clients clients, RefreshTokens refreshTokens) {
        this.clients = clients;
        this.refreshTokens = refreshTokens;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2TokenRevocationAuthenticationToken asked = (OAuth2TokenRevocationAuthenticationToken) authentication;
        Client client = ClientAuthentication.of(clients, asked.getPrincipal());
        if (!RefreshTokens.looksLikeOne(asked.getToken()) && isJws(asked.getToken())) {
            throw OAuthFailure.of(UNSUPPORTED_TOKEN_TYPE, "Only refresh tokens can be revoked here");
        }
        // A token that is over, or was never ours, is as revoked as the client wants it to be: 200 (RFC 7009, 2.2).
        refreshTokens.revoke(asked.getToken(), client.id());
        return new OAuth2TokenRevocationAuthenticationToken(
                new OAuth2RefreshToken(asked.getToken(), null), (Authentication) asked.getPrincipal());
    }

    private static boolean isJws(String token) {
        return token.startsWith("ey") && token.chars().filter(c -> c == '.').count() == 2;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2TokenRevocationAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
