package dev.firebreak.auth.connect;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifiedToken;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets users with an access token for the API through (RFC 6750, header form only), and says who they are. Judged out of
 * memory, as every verifier judges it.
 */
final class OwnerFilter extends OncePerRequestFilter {
    /** Attribute of the request: the user's id. */
    static final String USER = "dev.firebreak.auth.connect.user";

    private static final String SCHEME = "bearer ";

    private final TokenVerifier verifier;

    OwnerFilter(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        VerifiedToken token = switch (verifier.verify(token(request))) {
            case Verdict.Accepted(VerifiedToken accepted) -> accepted;
            case Verdict.Refused refused ->
                throw new ServiceException(refused.reason(), refused.reason().help());
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().help(), unknown.retryAfter());
        };
        if (!token.isUser()) {
            throw new ServiceException(AuthError.USER_REQUIRED, "A service has no connections of its own.");
        }
        request.setAttribute(USER, UUID.fromString(token.sub()));
        chain.doFilter(request, response);
    }

    private static String token(HttpServletRequest request) {
        List<String> headers = Collections.list(request.getHeaders(HttpHeaders.AUTHORIZATION));
        if (headers.size() > 1) {
            throw new ServiceException(AuthError.TOKEN_MALFORMED, "There is more than one Authorization header.");
        }
        // Names of schemes have no case (RFC 9110, 11.1).
        if (headers.isEmpty() || !headers.getFirst().regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new ServiceException(AuthError.TOKEN_MISSING, "The request carries no bearer token.");
        }
        return headers.getFirst().substring(SCHEME.length()).strip();
    }
}
