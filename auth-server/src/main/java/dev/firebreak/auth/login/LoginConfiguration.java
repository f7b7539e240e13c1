package dev.firebreak.auth.login;

import dev.firebreak.auth.login.LoginPage.State;
import dev.firebreak.auth.login.LoginPage.Typed;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfTokenRepository;

/**
 * The chain of everything that no other chain claims. It lets the pages through and answers 404 to the rest; it never
 * asks who is signed in, so that none of its answers needs the database.
 */
@Configuration(proxyBeanMethods = false)
class LoginConfiguration {
    @Bean
    @Order(3)
    SecurityFilterChain loginChain(HttpSecurity http, CsrfTokenRepository csrfTokens, LoginPage page) {
        return http.authorizeHttpRequests(rules -> rules.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/login", "/logout", "/assets/**")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens))
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(
                                (request, response, e) -> response.sendError(HttpServletResponse.SC_NOT_FOUND))
                        .accessDeniedHandler((request, response, e) -> refused(e, page, request, response)))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // The pages say no-store themselves; their style and script may be kept.
                .headers(headers -> headers.cacheControl(cache -> cache.disable()))
                .requestCache(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                .formLogin(AbstractHttpConfigurer::disable)
                .httpBasic(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .build();
    }

    /** A form that is too old or not ours: the sign-in form starts again with what was typed, the rest is refused. */
    private static void refused(
            AccessDeniedException e, LoginPage page, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!(e instanceof CsrfException)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        String login = request.getContextPath() + "/login";
        if (!request.getRequestURI().equals(login)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        String username = request.getParameter("username");
        boolean remember = "true".equals(request.getParameter("remember"));
        page.show(State.EXPIRED, new Typed(username == null ? "" : username, remember), null, request, response);
    }
}
