package dev.firebreak.starter.authn;

import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.FilterOrder;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustSource;
import dev.firebreak.trust.VerifierPolicy;
import java.time.InstantSource;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Bearer tokens and scopes under {@code /api/}. */
@AutoConfiguration(after = TrustAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(name = "firebreak.authn.enabled", matchIfMissing = true)
class AuthnAutoConfiguration {
    private static final String API = "/api/*";

    @Bean
    @ConditionalOnMissingBean
    TokenVerifier tokenVerifier(FirebreakProperties properties, TrustSource trust, InstantSource clock) {
        VerifierPolicy policy = new VerifierPolicy(
                properties.issuer().toString(),
                properties.audience(),
                Lifetimes.CLOCK_SKEW,
                properties.authn().cacheSize(),
                properties.trust().hardCap(),
                VerifierPolicy.SUPPORTED);
        return new TokenVerifier(policy, trust, clock);
    }

    @Bean
    FilterRegistrationBean<BearerFilter> bearerFilter(TokenVerifier verifier) {
        var registration = FilterOrder.register(new BearerFilter(verifier), FilterOrder.BEARER);
        registration.addUrlPatterns(API);
        return registration;
    }

    @Bean
    DeclaredScopes declaredScopes(ObjectProvider<RequestMappingHandlerMapping> mappings) {
        return new DeclaredScopes(mappings.stream().toList());
    }

    @Bean
    WebMvcConfigurer callerAndScope() {
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new ScopeInterceptor()).addPathPatterns("/api/**");
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new CallerArgument());
            }
        };
    }

    @Bean
    VerifierMetrics verifierMetrics(TokenVerifier verifier) {
        return new VerifierMetrics(verifier);
    }
}
