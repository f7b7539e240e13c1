package dev.firebreak.auth.ops;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.trust.VerifiedToken;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A person's order needs a strong sign-in or one of the last minutes (RFC 9470): a browser that was left open must not
 * move a key. Reads do not. Who may order what was decided before.
 */
final class RecentSignInFilter extends OncePerRequestFilter {
    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private final InstantSource clock;

    RecentSignInFilter(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean proved = request.getUserPrincipal() instanceof OperatorAuthentication operator
                && isRecentOrStrong(operator.token(), clock.instant());
        if (!proved && !SAFE.contains(request.getMethod())) {
            throw new ServiceException(
                    AuthError.STEP_UP_REQUIRED,
                    "Orders need a sign-in of the last %d minutes. Sign in again and repeat it."
                            .formatted(Lifetimes.RECENT_SIGN_IN.toMinutes()));
        }
        chain.doFilter(request, response);
    }

    static boolean isRecentOrStrong(VerifiedToken token, Instant now) {
        Instant signedIn = token.authTime();
        boolean recent =
                signedIn != null && !signedIn.plus(Lifetimes.RECENT_SIGN_IN).isBefore(now);
        return recent || Claims.ACR_STRONG.equals(token.acr());
    }
}
