package dev.firebreak.auth.login;

import dev.firebreak.auth.login.LoginPage.State;
import dev.firebreak.auth.login.LoginPage.Typed;
import dev.firebreak.contracts.error.CsrfError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.problem.Failure;
import dev.firebreak.starter.problem.ProblemRenderer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.csrf.CsrfTokenRepository;

/**
 * The chain of everything that no other chain claims. It lets the pages through and answers 404 to the rest; it never
 * asks who is signed in, so that none of its answers needs the database.
 */
@Configuration(proxyBeanMethods = false)
class LoginConfiguration {
    @Bean
    @Order(3)
    SecurityFilterChain loginChain(
            HttpSecurity http,
            CsrfTokenRepository csrfTokens,
            LoginPage page,
            ProblemRenderer problems,
            ServiceIdentity identity) {
        AccessDeniedHandler refusal = refusal(page, problems);
        return http.authorizeHttpRequests(rules -> rules.dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .requestMatchers("/login", "/logout", "/reset", "/assets/**")
                        .permitAll()
                        .anyRequest()
                        .denyAll())
                .csrf(csrf -> csrf.csrfTokenRepository(csrfTokens))
                // After it, because the page that comes instead needs a secret.
                .addFilterAfter(new FormOrigin(identity.publicOrigin(), refusal), CsrfFilter.class)
                .exceptionHandling(refusals -> refusals.authenticationEntryPoint(
                                (request, response, e) -> problems.render(nothingHere(), request, response))
                        .accessDeniedHandler(refusal))
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

    private static AccessDeniedHandler refusal(LoginPage page, ProblemRenderer problems) {
        return (request, response, e) -> {
            if (e instanceof CsrfException && isLogin(request)) {
                startAgain(page, request, response);
            } else {
                problems.render(e instanceof CsrfException ? foreignForm() : nothingHere(), request, response);
            }
        };
    }

    private static Failure nothingHere() {
        return Failure.of(RequestError.UNKNOWN_PATH, "There is nothing at this address.");
    }

    private static Failure foreignForm() {
        return Failure.of(CsrfError.REFUSED, "The form is too old or was not made by this site.");
    }

    private static boolean isLogin(HttpServletRequest request) {
        return request.getRequestURI().equals(request.getContextPath() + "/login");
    }

    /** A sign-in form that is too old or not ours comes back with what was typed. */
    private static void startAgain(LoginPage page, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String username = request.getParameter("username");
        boolean remember = "true".equals(request.getParameter("remember"));
        page.show(State.EXPIRED, new Typed(username == null ? "" : username, remember), null, request, response);
    }
}
