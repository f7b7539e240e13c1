package dev.firebreak.auth.oauth;

import dev.firebreak.starter.FilterOrder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers for whatever the OAuth endpoints, and the filters in front of them, throw: inside the starter's problem filter,
 * so that these paths speak OAuth and all others problem+json.
 */
final class OAuthErrorFilter extends OncePerRequestFilter {
    /** Between the answers for everybody and the first refusal (admission). */
    static final int ORDER = FilterOrder.PROBLEM + 1;

    private final OAuthErrors errors;

    OAuthErrorFilter(OAuthErrors errors) {
        this.errors = errors;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ClientAbortException e) {
            // The caller has gone: Tomcat closes the connection.
            throw e;
        } catch (ServletException e) {
            errors.write(request, response, e.getRootCause() == null ? e : e.getRootCause());
        } catch (IOException | RuntimeException e) {
            errors.write(request, response, e);
        }
    }
}
