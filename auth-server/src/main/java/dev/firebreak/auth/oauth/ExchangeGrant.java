package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifiedToken;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2TokenExchangeAuthenticationToken;

/**
 * A session's access token → a token for the operators' endpoints (RFC 8693; ADR 18), for the client that the session's
 * token was issued to. Out of memory alone: no SQL. Both tokens say the same of the user and of how they signed in.
 */
final class ExchangeGrant implements AuthenticationProvider {
    private static final String ROLE = UserAccount.Role.OPERATOR.wireName();

    private final Clients clients;
    private final TokenVerifier verifier;
    private final OAuthSettings settings;
    private final TokenMint mint;

    /**
     * @param verifier of tokens for the API
     */
    ExchangeGrant(Clients clients, TokenVerifier verifier, OAuthSettings settings, TokenMint mint) {
        this.clients = clients;
        this.verifier = verifier;
        this.settings = settings;
        this.mint = mint;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2TokenExchangeAuthenticationToken asked = (OAuth2TokenExchangeAuthenticationToken) authentication;
        Client client = ClientAuthentication.of(clients, asked.getPrincipal());
        TokenAnswer.requireGrant(client, AuthorizationGrantType.TOKEN_EXCHANGE);
        requireKnownForm(asked);
        Set<String> scopes = asked.getScopes().isEmpty()
                ? Scopes.OF_OPERATORS
                : TokenAnswer.requireScopes(asked.getScopes(), Scopes.OF_OPERATORS);
        Instant now = mint.now();
        VerifiedToken subject = requireSubject(asked.getSubjectToken(), client, now);
        if (!subject.roles().contains(ROLE)) {
            throw OAuthFailure.of(
                    OAuth2ErrorCodes.ACCESS_DENIED,
                    "The user is no operator",
                    "user %s is no operator".formatted(subject.sub()));
        }
        OAuth2AccessToken token = mint.operatorsToken(subject, scopes, now);
        return new OAuth2AccessTokenAuthenticationToken(
                client.requireRegistration(),
                (Authentication) asked.getPrincipal(),
                token,
                null,
                Map.of("issued_token_type", TokenExchange.ACCESS_TOKEN));
    }

    private void requireKnownForm(OAuth2TokenExchangeAuthenticationToken asked) {
        if (!asked.getResources().isEmpty() || !asked.getAudiences().equals(Set.of(settings.opsAudience()))) {
            throw OAuthFailure.of(
                    OAuthFailure.INVALID_TARGET, "Tokens are exchanged for the audience " + settings.opsAudience());
        }
        boolean accessTokens = asked.getSubjectTokenType().equals(TokenExchange.ACCESS_TOKEN)
                && asked.getRequestedTokenType().equals(TokenExchange.ACCESS_TOKEN);
        if (!accessTokens || asked.getActorToken() != null) {
            throw OAuthFailure.of(
                    OAuth2ErrorCodes.INVALID_REQUEST,
                    "An access token is exchanged for an access token, with no actor");
        }
    }

    private VerifiedToken requireSubject(String subjectToken, Client client, Instant now) {
        return switch (verifier.verify(subjectToken)) {
            case Verdict.Accepted(VerifiedToken token) -> {
                if (!token.isUser() || !token.clientId().equals(client.id())) {
                    throw refused(client, "was not issued to this client for a user");
                }
                // Verifiers forgive clocks some seconds; a new token with no time left would be good to nobody.
                if (!token.expiresAt().isAfter(now)) {
                    throw refused(client, "has expired");
                }
                yield token;
            }
            case Verdict.Refused refused ->
                throw refused(client, refused.reason().code());
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().title() + ".", unknown.retryAfter());
        };
    }

    private static OAuthFailure refused(Client client, String why) {
        return OAuthFailure.of(
                OAuth2ErrorCodes.INVALID_GRANT,
                "The subject token is not valid",
                "subject token of client '%s': %s".formatted(client.id(), why));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2TokenExchangeAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
