package dev.firebreak.starter.authn;

import dev.firebreak.starter.Misconfigured;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.handler.MappedInterceptor;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Stops the start of a service that has handlers for callers with a scope and nothing that asks for it, whatever in its
 * configuration took that away: {@code firebreak.authn.enabled}, an excluded auto-configuration, a profile (ADR 17). It is
 * an initializer, from spring.factories, because no property leaves those out; and it looks before the port is open.
 */
final class ApiGuard implements ApplicationContextInitializer<GenericApplicationContext> {
    @Override
    public void initialize(GenericApplicationContext context) {
        context.registerBean("apiGuard", Check.class, () -> new Check(context.getBeanFactory()));
    }

    private record Check(ListableBeanFactory beans) implements SmartInitializingSingleton {
        @Override
        public void afterSingletonsInstantiated() {
            boolean filtered = beans.getBeansOfType(FilterRegistrationBean.class, true, false).values().stream()
                    .anyMatch(filter -> filter.isEnabled() && filter.getFilter() instanceof BearerFilter);
            for (RequestMappingHandlerMapping mapping : beans.getBeansOfType(
                            RequestMappingHandlerMapping.class, true, false)
                    .values()) {
                if (filtered && asksForScopes(mapping)) {
                    continue;
                }
                firstWithScope(mapping).ifPresent(handler -> {
                    throw new Misconfigured(
                            "firebreak.authn.enabled must stay true, and its auto-configuration included: "
                                    + handler.getBeanType().getSimpleName()
                                    + "#"
                                    + handler.getMethod().getName()
                                    + " asks for a scope that nothing would check");
                });
            }
        }

        private static Optional<HandlerMethod> firstWithScope(RequestMappingHandlerMapping mapping) {
            return mapping.getHandlerMethods().values().stream()
                    .filter(handler -> ScopeInterceptor.scopeOf(handler) != null)
                    .findFirst();
        }

        private static boolean asksForScopes(RequestMappingHandlerMapping mapping) {
            HandlerInterceptor[] interceptors = mapping.getAdaptedInterceptors();
            return interceptors != null
                    && Stream.of(interceptors)
                            .map(interceptor -> interceptor instanceof MappedInterceptor mapped
                                    ? mapped.getInterceptor()
                                    : interceptor)
                            .anyMatch(ScopeInterceptor.class::isInstance);
        }
    }
}
