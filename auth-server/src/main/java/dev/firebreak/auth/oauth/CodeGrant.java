package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.grant.AuthorizationCodes;
import dev.firebreak.auth.grant.AuthorizationCodes.Redeemed;
import dev.firebreak.auth.grant.AuthorizationCodes.Redemption;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeAuthenticationToken;

/** Code → tokens (RFC 6749, 4.1.3; RFC 7636, 4.5), in one SQL statement. */
final class CodeGrant implements AuthenticationProvider {
    private final Clients clients;
    private final AuthorizationCodes codes;
    private final TokenMint mint;

    CodeGrant(Clients clients, AuthorizationCodes codes, TokenMint mint) {
        this.clients = clients;
        this.codes = codes;
        this.mint = mint;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2AuthorizationCodeAuthenticationToken asked = (OAuth2AuthorizationCodeAuthenticationToken) authentication;
        Client client = ClientAuthentication.of(clients, asked.getPrincipal());
        TokenAnswer.requireGrant(client, AuthorizationGrantType.AUTHORIZATION_CODE);
        String redirectUri = asked.getRedirectUri();
        Object verifier = asked.getAdditionalParameters().get(PkceParameterNames.CODE_VERIFIER);
        if (redirectUri == null || !(verifier instanceof String codeVerifier)) {
            throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_REQUEST, "redirect_uri and code_verifier are required");
        }
        mint.requireReady();
        String jti = mint.newJti();
        boolean withRefreshToken = client.may(AuthorizationGrantType.REFRESH_TOKEN);
        Redeemed redeemed = codes.redeem(
                        new Redemption(asked.getCode(), client.id(), redirectUri, codeVerifier, jti, withRefreshToken))
                .orElseThrow(() -> OAuthFailure.of(
                        OAuth2ErrorCodes.INVALID_GRANT,
                        "The authorization code is not valid",
                        "code of client '%s'".formatted(client.id())));
        return TokenAnswer.ofUser(
                mint,
                client,
                (Authentication) asked.getPrincipal(),
                redeemed.grant(),
                TokenAnswer.stillAllowed(redeemed.grant(), client),
                jti,
                redeemed.refreshToken());
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2AuthorizationCodeAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
