package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.LaneRule;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;

/**
 * The lanes of this server, by path and, at the token endpoint, by grant. What renews or ends sessions comes before what
 * begins them: everybody who is signed in depends on it.
 */
final class LanesOfServer implements LaneRule {
    @Override
    public Lane laneOf(HttpServletRequest request) {
        String path = request.getServletPath();
        return switch (path) {
            case OAuthSettings.TOKEN -> ofGrant(request.getParameter(OAuth2ParameterNames.GRANT_TYPE));
            case OAuthSettings.REVOKE -> Lane.KEEP;
            case OAuthSettings.USER_INFO -> Lane.USER;
            default -> ofTree(path);
        };
    }

    private static Lane ofGrant(@Nullable String grant) {
        return switch (grant) {
            // An exchange is made from memory for who is signed in: refusing it would save nothing.
            case "refresh_token", TokenExchange.GRANT -> Lane.KEEP;
            case "client_credentials" -> Lane.SERVICE;
            // A code, or nothing that we know: whoever asks is only about to be known.
            case null, default -> Lane.LOGIN;
        };
    }

    private static Lane ofTree(String path) {
        if (path.startsWith("/internal/v1/sessions/") || path.endsWith("/v1/ops/trust/revocations")) {
            // What is to be refused must not wait behind those who sign in.
            return Lane.KEEP;
        }
        return path.startsWith("/internal/") || path.startsWith("/api/") ? Lane.USER : Lane.LOGIN;
    }
}
