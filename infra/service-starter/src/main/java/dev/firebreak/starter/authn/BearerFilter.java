package dev.firebreak.starter.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets only callers with a valid access token through to {@code /api/} (RFC 6750, header form only). A bad credential is
 * 401 with proof; want of trust data is 503.
 */
public final class BearerFilter extends OncePerRequestFilter {
    private static final String SCHEME = "bearer ";

    private final TokenVerifier verifier;

    public BearerFilter(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        // What belongs to one caller is in no shared cache; a handler may say more.
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        Verdict verdict = verifier.verify(token(request));
        switch (verdict) {
            case Verdict.Accepted accepted -> request.setAttribute(Caller.ATTRIBUTE, Caller.of(accepted.token()));
            case Verdict.Refused refused ->
                throw new ServiceException(refused.reason(), refused.reason().help());
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().help(), unknown.retryAfter());
        }
        chain.doFilter(request, response);
    }

    private static String token(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() > 1) {
            throw new ServiceException(AuthError.TOKEN_MALFORMED, "There is more than one Authorization header.");
        }
        if (headers.isEmpty() || !isBearer(headers.getFirst())) {
            throw new ServiceException(AuthError.TOKEN_MISSING, "The request carries no bearer token.");
        }
        return headers.getFirst().substring(SCHEME.length()).strip();
    }

    /** Names of schemes have no case (RFC 9110, 11.1). */
    private static boolean isBearer(String header) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    }
}
