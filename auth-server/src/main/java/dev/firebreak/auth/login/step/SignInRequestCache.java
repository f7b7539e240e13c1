package dev.firebreak.auth.login.step;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;

/** Remembers which authorization request led to the login form, in the browser's own cookie. Nothing else is saved. */
public final class SignInRequestCache implements RequestCache {
    private final SignInSteps steps;

    SignInRequestCache(SignInSteps steps) {
        this.steps = steps;
    }

    /** What cannot be saved replaces what was saved before: to go back to another client's request would be worse. */
    @Override
    public void saveRequest(HttpServletRequest request, HttpServletResponse response) {
        String query = request.getQueryString();
        AuthorizationUrl target = !"GET".equals(request.getMethod()) || query == null
                ? null
                : AuthorizationUrl.toReturnTo(request.getRequestURI() + "?" + query)
                        .orElse(null);
        steps.beginOrContinue(target, request, response);
    }

    @Override
    public @Nullable SavedRequest getRequest(HttpServletRequest request, HttpServletResponse response) {
        return steps.current(request)
                .map(SignInStep::target)
                .map(target -> new SimpleSavedRequest(target.relative()))
                .orElse(null);
    }

    /** Never: a saved request is gone to by redirect, not replayed in place of another. */
    @Override
    public @Nullable HttpServletRequest getMatchingRequest(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void removeRequest(HttpServletRequest request, HttpServletResponse response) {
        if (steps.current(request).map(SignInStep::target).isPresent()) {
            steps.beginOrContinue(null, request, response);
        }
    }
}
