package dev.firebreak.auth.oauth;

import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;

/**
 * Writes the token endpoint's success (RFC 6749, 5.1). The framework's own writer counts {@code expires_in} from the system
 * clock a second time, which gives 899 as often as 900.
 */
final class TokenAnswerWriter implements AuthenticationSuccessHandler {
    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException {
        OAuth2AccessTokenAuthenticationToken answer = (OAuth2AccessTokenAuthenticationToken) authentication;
        OAuth2AccessToken access = answer.getAccessToken();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("access_token", access.getTokenValue());
        members.put("token_type", access.getTokenType().getValue());
        if (access.getIssuedAt() != null && access.getExpiresAt() != null) {
            members.put(
                    "expires_in",
                    Duration.between(access.getIssuedAt(), access.getExpiresAt())
                            .toSeconds());
        }
        members.put("scope", String.join(" ", new TreeSet<>(access.getScopes())));
        if (answer.getRefreshToken() != null) {
            members.put("refresh_token", answer.getRefreshToken().getTokenValue());
        }
        members.putAll(answer.getAdditionalParameters());
        byte[] body = JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
