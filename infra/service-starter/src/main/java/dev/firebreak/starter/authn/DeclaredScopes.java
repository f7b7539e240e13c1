package dev.firebreak.starter.authn;

import java.util.List;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Stops the start of a service with a handler under {@code /api/} that names no scope. */
final class DeclaredScopes implements SmartInitializingSingleton {
    private final List<RequestMappingHandlerMapping> mappings;

    DeclaredScopes(List<RequestMappingHandlerMapping> mappings) {
        this.mappings = List.copyOf(mappings);
    }

    @Override
    public void afterSingletonsInstantiated() {
        for (RequestMappingHandlerMapping mapping : mappings) {
            mapping.getHandlerMethods().forEach(DeclaredScopes::check);
        }
    }

    private static void check(RequestMappingInfo mapping, HandlerMethod handler) {
        boolean api = mapping.getPatternValues().stream()
                .anyMatch(pattern -> pattern.equals("/api") || pattern.startsWith("/api/"));
        if (api && ScopeInterceptor.scopeOf(handler) == null) {
            throw new IllegalStateException(
                    "%s answers %s but names no scope: add @RequiresScope".formatted(handler, mapping));
        }
    }
}
