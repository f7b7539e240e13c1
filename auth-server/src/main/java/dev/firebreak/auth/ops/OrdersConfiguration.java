package dev.firebreak.auth.ops;

import dev.firebreak.auth.ratelimit.OrderLimits;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.Principal;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Puts the limit in front of every order; who may order at all is decided before. */
@Configuration(proxyBeanMethods = false)
class OrdersConfiguration {
    @Bean
    WebMvcConfigurer orderLimit(OrderLimits limits) {
        HandlerInterceptor limit = new HandlerInterceptor() {
            @Override
            public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
                Principal caller = request.getUserPrincipal();
                limits.require(caller == null ? "nobody known" : caller.getName());
                return true;
            }
        };
        return new WebMvcConfigurer() {
            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(limit).addPathPatterns("/internal/v1/ops/**");
            }
        };
    }
}
