package dev.firebreak.auth.ops;

import dev.firebreak.auth.user.UserAccount;
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
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets people with an operator's token through (RFC 6750, header form only); what they may do is decided after it. */
final class OperatorFilter extends OncePerRequestFilter {
    private static final String SCHEME = "bearer ";
    private static final String ROLE = UserAccount.Role.OPERATOR.wireName();

    private final TokenVerifier verifier;

    /**
     * @param verifier of tokens for the operators' audience
     */
    OperatorFilter(TokenVerifier verifier) {
        this.verifier = verifier;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new OperatorAuthentication(requireOperator(request)));
        SecurityContextHolder.setContext(context);
        try {
            chain.doFilter(request, response);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }

    private VerifiedToken requireOperator(HttpServletRequest request) {
        VerifiedToken token = switch (verifier.verify(token(request))) {
            case Verdict.Accepted(VerifiedToken accepted) -> accepted;
            case Verdict.Refused refused ->
                throw new ServiceException(refused.reason(), refused.reason().help());
            case Verdict.Unknown unknown ->
                throw new ServiceException(unknown.reason(), unknown.reason().help(), unknown.retryAfter());
        };
        if (!token.isUser()) {
            throw new ServiceException(AuthError.USER_REQUIRED, "Services order on the internal face.");
        }
        if (!token.roles().contains(ROLE)) {
            throw new ServiceException(AuthError.OPERATOR_REQUIRED, "This needs the role operator.");
        }
        return token;
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
