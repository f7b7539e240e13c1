package dev.firebreak.auth.oauth;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.error.ErrorCode.Kind;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.problem.Failure;
import dev.firebreak.starter.problem.ProblemPage;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.trust.RetryAfter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;

/**
 * Writes every error of the OAuth endpoints as RFC 6749, 5.2 asks, and logs it once. Infrastructure trouble is 503 {@code
 * temporarily_unavailable}, whatever was being judged: a client that hears {@code invalid_grant} throws its session away.
 */
final class OAuthErrors implements AuthenticationFailureHandler {
    private static final Logger LOG = LoggerFactory.getLogger(OAuthErrors.class);

    private final ProblemRenderer problems;
    private final Optional<ProblemPage> page;
    private final RandomGenerator random;

    /** With a page, people who navigated to the authorization endpoint see that instead of JSON. */
    OAuthErrors(ProblemRenderer problems, Optional<ProblemPage> page, RandomGenerator random) {
        this.problems = problems;
        this.page = page;
        this.random = random;
    }

    @Override
    public void onAuthenticationFailure(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException exception)
            throws IOException {
        if (!(exception instanceof OAuth2AuthenticationException oauth)) {
            throw new IllegalStateException("Not an OAuth failure", exception);
        }
        if (isForPerson(request)) {
            problems.render(
                    new ServiceException(RequestError.INVALID, "The link to the sign-in is not a valid one.", oauth),
                    request,
                    response);
            return;
        }
        Duration retryAfter = oauth instanceof OAuthFailure ours ? ours.retryAfter() : null;
        write(request, response, oauth.getError(), retryAfter, oauth.getMessage(), null);
    }

    /** Answers for whatever else was thrown. */
    void write(HttpServletRequest request, HttpServletResponse response, Throwable thrown) throws IOException {
        if (isForPerson(request)) {
            problems.render(thrown, request, response);
            return;
        }
        Failure failure = problems.translate(thrown);
        OAuth2Error error = new OAuth2Error(codeOf(failure.error().kind()), failure.detail(), null);
        Throwable cause = failure.cause();
        write(request, response, error, failure.retryAfter(), failure.error().code() + inWords(cause), cause);
    }

    private boolean isForPerson(HttpServletRequest request) {
        return OAuthSettings.AUTHORIZE.equals(request.getServletPath())
                && page.filter(it -> it.isFor(request)).isPresent();
    }

    private static String codeOf(Kind kind) {
        return switch (kind) {
            case UNAVAILABLE -> OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE;
            case RATE_LIMITED -> OAuthFailure.SLOW_DOWN;
            case UNAUTHENTICATED -> OAuth2ErrorCodes.INVALID_CLIENT;
            case INTERNAL -> OAuth2ErrorCodes.SERVER_ERROR;
            case INVALID, FORBIDDEN, NOT_FOUND, METHOD_NOT_ALLOWED, NOT_ACCEPTABLE, CONFLICT -> invalidRequest();
            case GONE, PRECONDITION, TOO_LARGE, UNSUPPORTED_MEDIA, PRECONDITION_REQUIRED -> invalidRequest();
        };
    }

    private static String invalidRequest() {
        return OAuth2ErrorCodes.INVALID_REQUEST;
    }

    private void write(
            HttpServletRequest request,
            HttpServletResponse response,
            OAuth2Error error,
            @Nullable Duration retryAfter,
            @Nullable String logged,
            @Nullable Throwable cause)
            throws IOException {
        int status = statusOf(error.getErrorCode());
        log(request, error, status, logged, cause);
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(status);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (status == HttpServletResponse.SC_UNAUTHORIZED) {
            // HTTP asks for a challenge with each 401, and there is no registered scheme for client assertions.
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"firebreak\", error=\"invalid_client\"");
        }
        if (status == 429 || status == HttpServletResponse.SC_SERVICE_UNAVAILABLE) {
            response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(RetryAfter.seconds(retryAfter, random)));
        }
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("error", error.getErrorCode());
        if (error.getDescription() != null) {
            members.put("error_description", error.getDescription());
        }
        byte[] body = JSONObjectUtils.toJSONString(members).getBytes(StandardCharsets.UTF_8);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }

    private static int statusOf(String code) {
        return switch (code) {
            case OAuth2ErrorCodes.INVALID_CLIENT -> HttpServletResponse.SC_UNAUTHORIZED;
            case OAuthFailure.SLOW_DOWN -> 429;
            case OAuth2ErrorCodes.TEMPORARILY_UNAVAILABLE -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
            case OAuth2ErrorCodes.SERVER_ERROR -> HttpServletResponse.SC_INTERNAL_SERVER_ERROR;
            default -> HttpServletResponse.SC_BAD_REQUEST;
        };
    }

    private static void log(
            HttpServletRequest request,
            OAuth2Error error,
            int status,
            @Nullable String logged,
            @Nullable Throwable cause) {
        Level level = status < 500 ? Level.INFO : status == 503 ? Level.WARN : Level.ERROR;
        var line = LOG.atLevel(level).addKeyValue("error", error.getErrorCode()).addKeyValue("status", status);
        if (status == 500 && cause != null) {
            line = line.setCause(cause);
        }
        line.log("{} {} answered {} {}: {}", request.getMethod(), path(request), status, error.getErrorCode(), logged);
    }

    /** One of our few paths, so nothing of the caller's choosing gets into the log. */
    private static String path(HttpServletRequest request) {
        String path = request.getServletPath();
        return path.matches("/[a-z0-9/.-]{1,60}") ? path : "?";
    }

    private static String inWords(@Nullable Throwable cause) {
        return cause == null ? "" : " (" + cause.getClass().getSimpleName() + ": " + cause.getMessage() + ")";
    }
}
