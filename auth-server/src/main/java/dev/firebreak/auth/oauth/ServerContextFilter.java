package dev.firebreak.auth.oauth;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContext;
import org.springframework.security.oauth2.server.authorization.context.AuthorizationServerContextHolder;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives the framework its idea of "this authorization server": one issuer, by configuration. */
final class ServerContextFilter extends OncePerRequestFilter {
    private final AuthorizationServerContext context;

    ServerContextFilter(AuthorizationServerSettings settings) {
        String issuer = String.valueOf(settings.getIssuer());
        this.context = new AuthorizationServerContext() {
            @Override
            public String getIssuer() {
                return issuer;
            }

            @Override
            public AuthorizationServerSettings getAuthorizationServerSettings() {
                return settings;
            }
        };
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            AuthorizationServerContextHolder.setContext(context);
            chain.doFilter(request, response);
        } finally {
            AuthorizationServerContextHolder.resetContext();
        }
    }
}
