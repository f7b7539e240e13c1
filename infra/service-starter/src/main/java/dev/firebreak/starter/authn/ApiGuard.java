package dev.firebreak.starter.authn;

import java.util.Arrays;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Stops the start of a service whose handlers name scopes while nobody holds callers to them:
 * {@code firebreak.authn.enabled=false} takes the bearer filter and the scope rule away. Registered by an initializer,
 * because that is what no property can exclude.
 */
final class ApiGuard implements SmartInitializingSingleton {
    /** Puts the guard into every context of ours; named in {@code spring.factories}. */
    static final class Initializer implements ApplicationContextInitializer<GenericApplicationContext> {
        @Override
        public void initialize(GenericApplicationContext context) {
            context.registerBean("apiGuard", ApiGuard.class, () -> new ApiGuard(context));
        }
    }

    private final ApplicationContext context;

    private ApiGuard(ApplicationContext context) {
        this.context = context;
    }

    @Override
    public void afterSingletonsInstantiated() {
        if (isGuarded()) {
            return;
        }
        context.getBeansOfType(RequestMappingHandlerMapping.class).values().stream()
                .flatMap(mapping -> mapping.getHandlerMethods().values().stream())
                .filter(ApiGuard::needsCaller)
                .findFirst()
                .ifPresent(handler -> {
                    throw new IllegalStateException(handler
                            + " is for callers with a scope, but bearer tokens are not checked here:"
                            + " firebreak.authn.enabled must be true");
                });
    }

    /** Filter and scope rule come from one configuration class: they are there together or not at all. */
    private boolean isGuarded() {
        return context.getBeansOfType(FilterRegistrationBean.class).values().stream()
                        .anyMatch(registration -> registration.getFilter() instanceof BearerFilter)
                && context.getBeanNamesForType(AuthnAutoConfiguration.class).length > 0;
    }

    private static boolean needsCaller(HandlerMethod handler) {
        return ScopeInterceptor.scopeOf(handler) != null
                || Arrays.stream(handler.getMethod().getParameterTypes()).anyMatch(Caller.class::equals);
    }
}
