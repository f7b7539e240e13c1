package dev.firebreak.starter.problem;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Failures outside Spring MVC: whatever a filter further in throws is answered by the same renderer. */
public final class ProblemFilter extends OncePerRequestFilter {
    private final ProblemRenderer problems;

    public ProblemFilter(ProblemRenderer problems) {
        this.problems = problems;
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
            problems.render(e.getRootCause() == null ? e : e.getRootCause(), request, response);
        } catch (IOException | RuntimeException e) {
            problems.render(e, request, response);
        }
    }
}
