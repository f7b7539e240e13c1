package dev.firebreak.starter.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses callers without the handler's scope, and everybody where a handler names none. */
final class ScopeInterceptor implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // OPTIONS only lists methods; no handler of ours answers it, so there is no scope to ask for.
        if (!(handler instanceof HandlerMethod method) || HttpMethod.OPTIONS.matches(request.getMethod())) {
            return true;
        }
        String scope = scopeOf(method);
        if (scope == null) {
            throw new ServiceException(AuthError.SCOPE_MISSING, "This operation is open to nobody.");
        }
        boolean granted = Caller.of(request)
                .filter(caller -> caller.scopes().contains(scope))
                .isPresent();
        if (!granted) {
            // Names the scope, which the renderer cannot know (RFC 6750, 3).
            response.setHeader(
                    HttpHeaders.WWW_AUTHENTICATE,
                    "Bearer realm=\"firebreak\", error=\"insufficient_scope\", scope=\"" + scope + "\"");
            throw new ServiceException(AuthError.SCOPE_MISSING, "The token lacks the scope " + scope + ".");
        }
        return true;
    }

    static @Nullable String scopeOf(HandlerMethod handler) {
        RequiresScope scope = AnnotatedElementUtils.findMergedAnnotation(handler.getMethod(), RequiresScope.class);
        if (scope == null) {
            scope = AnnotatedElementUtils.findMergedAnnotation(handler.getBeanType(), RequiresScope.class);
        }
        return scope == null ? null : scope.value();
    }
}
