package dev.firebreak.auth.oauth;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationException;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationToken;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Where the authorization endpoint sends the browser: back to the client with a code or an error (RFC 6749, 4.1.2) and our
 * issuer (RFC 9207), to the sign-in page, or nowhere if the client cannot be trusted with it. Every redirect is a 303, so
 * that nothing posted is posted again.
 */
final class AuthorizeAnswers implements AuthenticationSuccessHandler, AuthenticationFailureHandler {
    private final OAuthSettings settings;
    private final RequestCache requestCache;
    private final OAuthErrors errors;

    AuthorizeAnswers(OAuthSettings settings, RequestCache requestCache, OAuthErrors errors) {
        this.settings = settings;
        this.requestCache = requestCache;
        this.errors = errors;
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication) {
        OAuth2AuthorizationCodeRequestAuthenticationToken answer =
                (OAuth2AuthorizationCodeRequestAuthenticationToken) authentication;
        if (answer.getAuthorizationCode() == null || answer.getRedirectUri() == null) {
            throw new IllegalStateException("An authorization without code or redirect URI");
        }
        UriComponentsBuilder target = UriComponentsBuilder.fromUriString(answer.getRedirectUri())
                .queryParam(
                        OAuth2ParameterNames.CODE, answer.getAuthorizationCode().getTokenValue());
        redirect(response, finish(target, answer.getState()));
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
            throws IOException {
        if (exception instanceof SignInRequired) {
            requestCache.saveRequest(request, response);
            redirect(response, settings.url("/login"));
            return;
        }
        OAuth2AuthorizationCodeRequestAuthenticationToken asked =
                exception instanceof OAuth2AuthorizationCodeRequestAuthenticationException refused
                        ? refused.getAuthorizationCodeRequestAuthentication()
                        : null;
        if (asked == null || asked.getRedirectUri() == null) {
            errors.onAuthenticationFailure(request, response, exception);
            return;
        }
        OAuth2Error error = ((OAuth2AuthorizationCodeRequestAuthenticationException) exception).getError();
        UriComponentsBuilder target = UriComponentsBuilder.fromUriString(asked.getRedirectUri())
                .queryParam(OAuth2ParameterNames.ERROR, encoded(error.getErrorCode()));
        if (error.getDescription() != null) {
            target.queryParam(OAuth2ParameterNames.ERROR_DESCRIPTION, encoded(error.getDescription()));
        }
        redirect(response, finish(target, asked.getState()));
    }

    private String finish(UriComponentsBuilder target, @Nullable String state) {
        if (state != null && !state.isEmpty()) {
            target.queryParam(OAuth2ParameterNames.STATE, encoded(state));
        }
        // build(true): everything that we add is encoded already.
        return target.queryParam("iss", encoded(settings.issuer())).build(true).toUriString();
    }

    private static String encoded(String value) {
        return UriUtils.encode(value, StandardCharsets.UTF_8);
    }

    private static void redirect(HttpServletResponse response, String location) {
        response.setStatus(HttpStatus.SEE_OTHER.value());
        response.setHeader(HttpHeaders.LOCATION, location);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
