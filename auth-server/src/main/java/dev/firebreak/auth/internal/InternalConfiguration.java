package dev.firebreak.auth.internal;

import dev.firebreak.auth.client.AssertionVerifier;
import dev.firebreak.auth.client.InternalCall;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.problem.ProblemRenderer;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;

/** The second connector and the chain in front of everything that it answers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(InternalProperties.class)
class InternalConfiguration {
    @Bean
    InternalConnector internalConnector(InternalProperties properties, ConfigurableEnvironment environment) {
        return new InternalConnector(properties, environment);
    }

    @Bean
    @Order(1)
    SecurityFilterChain internalChain(
            HttpSecurity http, AssertionVerifier assertions, ServiceIdentity identity, ProblemRenderer problems) {
        AssertionFilter assertionFilter =
                new AssertionFilter(assertions, identity.issuer().toString());
        return http.securityMatcher("/internal/**")
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                // No cookie is looked at here.
                .csrf(AbstractHttpConfigurer::disable)
                .addFilterBefore(assertionFilter, AuthorizationFilter.class)
                .authorizeHttpRequests(calls -> {
                    for (InternalCall call : InternalCall.values()) {
                        String path = "/internal/v1/" + call.wireName();
                        calls.requestMatchers(path, path + "/**").hasAuthority(CallerAuthentication.authority(call));
                    }
                    calls.anyRequest().denyAll();
                })
                .exceptionHandling(refusals -> refusals.accessDeniedHandler((request, response, e) -> problems.render(
                        new ServiceException(AuthError.CLIENT_FORBIDDEN, "The client's file does not allow this call."),
                        request,
                        response)))
                .build();
    }
}
