package dev.firebreak.auth.oauth;

import dev.firebreak.auth.client.AssertionVerifier;
import dev.firebreak.auth.client.Client;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.util.Set;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;

/** Proves who the client is, in memory. A public client proves nothing: its grants are bound by PKCE and its own rules. */
final class ClientAuthentication implements AuthenticationProvider {
    /** No id of a client is longer. */
    private static final int MAX_SHOWN = 64;

    private final Clients clients;
    private final AssertionVerifier assertions;
    private final Set<String> audiences;
    private final TokenLimits limits;

    ClientAuthentication(Clients clients, AssertionVerifier assertions, Set<String> audiences, TokenLimits limits) {
        this.clients = clients;
        this.assertions = assertions;
        this.audiences = Set.copyOf(audiences);
        this.limits = limits;
    }

    @Override
    public Authentication authenticate(Authentication authentication) {
        OAuth2ClientAuthenticationToken asked = (OAuth2ClientAuthenticationToken) authentication;
        String address = String.valueOf(asked.getAdditionalParameters().get(ClientCredentialConverter.ADDRESS));
        Client client;
        try {
            client = asked.getCredentials() == null ? publicClient(asked) : confidentialClient(asked);
        } catch (OAuthFailure refused) {
            limits.failed(address);
            throw refused;
        }
        limits.requireClient(client, address);
        if (client.grants().isEmpty()) {
            throw OAuthFailure.of(OAuth2ErrorCodes.UNAUTHORIZED_CLIENT, "This client makes internal calls only");
        }
        return new OAuth2ClientAuthenticationToken(
                client.requireRegistration(), asked.getClientAuthenticationMethod(), asked.getCredentials());
    }

    private Client confidentialClient(OAuth2ClientAuthenticationToken asked) {
        Client client;
        try {
            client = assertions
                    .verify(String.valueOf(asked.getCredentials()), audiences)
                    .client();
        } catch (ServiceException e) {
            if (e.error() != AuthError.ASSERTION_INVALID) {
                throw e;
            }
            Throwable why = e.getCause();
            throw refused(asked, why == null ? "assertion" : String.valueOf(why.getMessage()));
        }
        String named = asked.getName();
        if (!named.equals(ClientCredentialConverter.OF_ASSERTION) && !named.equals(client.id())) {
            throw refused(asked, "client_id is not the assertion's");
        }
        return client;
    }

    private Client publicClient(OAuth2ClientAuthenticationToken asked) {
        return clients.find(asked.getName())
                .filter(client -> !client.confidential())
                .orElseThrow(() -> refused(asked, "no such public client"));
    }

    private static OAuthFailure refused(OAuth2ClientAuthenticationToken asked, String why) {
        return OAuthFailure.of(
                OAuth2ErrorCodes.INVALID_CLIENT,
                "Client authentication failed",
                "client '%s': %s".formatted(shown(asked.getName()), why));
    }

    /** The caller chose it, so its length does not get into the log; what is not printable the framework has refused. */
    private static String shown(String name) {
        return name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "..." : name;
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return OAuth2ClientAuthenticationToken.class.isAssignableFrom(authentication);
    }

    /** The client of a request that came past this. */
    static Client of(Clients clients, Object principal) {
        if (principal instanceof OAuth2ClientAuthenticationToken token && token.isAuthenticated()) {
            return clients.find(token.getName())
                    .filter(client -> client.confidential()
                            == token.getClientAuthenticationMethod().equals(ClientAuthenticationMethod.PRIVATE_KEY_JWT))
                    .orElseThrow(() -> refused(token, "not registered any more"));
        }
        throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_CLIENT, "No client authentication");
    }
}
