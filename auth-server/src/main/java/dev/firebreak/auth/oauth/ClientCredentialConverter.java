package dev.firebreak.auth.oauth;

import dev.firebreak.auth.ratelimit.ClientNetwork;
import dev.firebreak.contracts.http.Headers;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationConverter;

/**
 * Reads how a client says who it is: an assertion (RFC 7523, 2.2), or, for public clients, its id alone. Everything else is
 * refused here, so that no request gets further without a client.
 */
final class ClientCredentialConverter implements AuthenticationConverter {
    /** Key of the address that limits count by. */
    static final String ADDRESS = "address";

    /** Stands for "the assertion says so"; no client can have this id. */
    static final String OF_ASSERTION = "(assertion)";

    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final TokenLimits limits;

    ClientCredentialConverter(TokenLimits limits) {
        this.limits = limits;
    }

    @Override
    public Authentication convert(HttpServletRequest request) {
        String address = ClientNetwork.of(request);
        String assertion = single(request, OAuth2ParameterNames.CLIENT_ASSERTION);
        // Who comes by the gateway has an address of their own. Our own processes do not: there another's failures must
        // not keep a good assertion out.
        if (request.getHeader(Headers.CLIENT_ADDRESS) != null || assertion == null) {
            limits.requireAddress(address);
        }
        String type = single(request, OAuth2ParameterNames.CLIENT_ASSERTION_TYPE);
        String clientId = single(request, OAuth2ParameterNames.CLIENT_ID);
        Map<String, Object> details = Map.of(ADDRESS, address);
        boolean secret = request.getHeader(HttpHeaders.AUTHORIZATION) != null
                || request.getParameter(OAuth2ParameterNames.CLIENT_SECRET) != null;
        if (secret) {
            throw OAuthFailure.of(
                    OAuth2ErrorCodes.INVALID_CLIENT, "Clients authenticate by private_key_jwt; there are no secrets");
        }
        if (assertion != null && JWT_BEARER.equals(type)) {
            return new OAuth2ClientAuthenticationToken(
                    clientId == null ? OF_ASSERTION : clientId,
                    ClientAuthenticationMethod.PRIVATE_KEY_JWT,
                    assertion,
                    details);
        }
        if (assertion != null || type != null) {
            throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_REQUEST, "client_assertion needs its type, " + JWT_BEARER);
        }
        if (clientId == null) {
            throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_CLIENT, "No client authentication");
        }
        return new OAuth2ClientAuthenticationToken(clientId, ClientAuthenticationMethod.NONE, null, details);
    }

    private static @Nullable String single(HttpServletRequest request, String name) {
        String[] values = request.getParameterValues(name);
        if (values != null && values.length > 1) {
            throw OAuthFailure.of(OAuth2ErrorCodes.INVALID_REQUEST, "More than one " + name);
        }
        return values == null || values[0].isBlank() ? null : values[0];
    }
}
