package dev.firebreak.auth.internal;

import dev.firebreak.auth.client.AssertionVerifier;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Each internal call carries a client assertion as its bearer token: no token endpoint, no signing key and no database
 * stand between our processes and the trust feed.
 */
final class AssertionFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";

    private final AssertionVerifier assertions;
    private final Set<String> audience;

    AssertionFilter(AssertionVerifier assertions, String issuer) {
        this.assertions = assertions;
        this.audience = Set.of(issuer);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.startsWith(BEARER)) {
            throw new ServiceException(AuthError.ASSERTION_INVALID, "The call carries no client assertion.");
        }
        AssertionVerifier.Proof proof = assertions.verify(header.substring(BEARER.length()), audience);
        String instance = proof.instance();
        if (instance == null) {
            throw new ServiceException(AuthError.ASSERTION_INVALID, "The client assertion names no instance.");
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new CallerAuthentication(proof, instance));
        SecurityContextHolder.setContext(context);
        try {
            chain.doFilter(request, response);
        } finally {
            SecurityContextHolder.clearContext();
        }
    }
}
