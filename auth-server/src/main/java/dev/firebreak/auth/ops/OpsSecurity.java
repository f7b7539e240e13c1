package dev.firebreak.auth.ops;

import dev.firebreak.auth.trust.OwnTrust;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.problem.Failure;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.VerifierPolicy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.context.NullSecurityContextRepository;

/**
 * The chain in front of the operators' endpoints for people: a token of their own audience, the role, the scope of the
 * resource, and for orders a recent sign-in. Judged out of memory, so that a full database keeps no operator out.
 */
@Configuration(proxyBeanMethods = false)
class OpsSecurity {
    /** Without the context path. */
    static final String ROOT = Paths.PUBLIC_OPS;

    /** Operators are few, and each has one token for a quarter of an hour. */
    private static final int VERIFIED_TOKENS = 1_000;

    @Bean
    @Order(2)
    SecurityFilterChain opsChain(
            HttpSecurity http,
            ServiceIdentity identity,
            OwnTrust trust,
            InstantSource clock,
            MeterRegistry metrics,
            ProblemRenderer problems) {
        OperatorFilter operators = new OperatorFilter(verifier(identity, trust, clock, metrics));
        return http.securityMatcher(ROOT, ROOT + "/**")
                .securityContext(context -> context.securityContextRepository(new NullSecurityContextRepository()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .anonymous(AbstractHttpConfigurer::disable)
                // No cookie is looked at here; the gateway keeps other sites out before it makes a token of one.
                .csrf(AbstractHttpConfigurer::disable)
                .addFilterBefore(operators, AuthorizationFilter.class)
                .addFilterAfter(new RecentSignInFilter(clock), AuthorizationFilter.class)
                .authorizeHttpRequests(resources -> {
                    resources.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
                    for (OpsResource resource : OpsResource.values()) {
                        resources
                                .requestMatchers(resource.path(), resource.path() + "/**")
                                .hasAuthority(OperatorAuthentication.authority(resource.scope()));
                    }
                    resources.anyRequest().denyAll();
                })
                .exceptionHandling(refusals -> refusals.accessDeniedHandler(
                        (request, response, e) -> problems.render(refusal(request), request, response)))
                .build();
    }

    private static TokenVerifier verifier(
            ServiceIdentity identity, OwnTrust trust, InstantSource clock, MeterRegistry metrics) {
        TokenVerifier verifier = new TokenVerifier(
                new VerifierPolicy(
                        identity.issuer().toString(),
                        Audiences.ops(identity.publicOrigin().toString()),
                        Lifetimes.CLOCK_SKEW,
                        VERIFIED_TOKENS),
                trust.source(),
                clock);
        Gauge.builder("auth.ops.tokens", verifier, TokenVerifier::cacheSize)
                .description("Verified operators' tokens remembered")
                .register(metrics);
        return verifier;
    }

    private static Failure refusal(HttpServletRequest request) {
        String path = request.getServletPath();
        for (OpsResource resource : OpsResource.values()) {
            if (path.equals(resource.path()) || path.startsWith(resource.path() + "/")) {
                return Failure.of(AuthError.SCOPE_MISSING, "The token lacks the scope " + resource.scope() + ".")
                        .withHeader(
                                HttpHeaders.WWW_AUTHENTICATE,
                                "Bearer realm=\"firebreak\", error=\"insufficient_scope\", scope=\"" + resource.scope()
                                        + "\"");
            }
        }
        return Failure.of(RequestError.UNKNOWN_PATH, "There is nothing at this address.");
    }
}
