package dev.firebreak.auth.login.step;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/**
 * Keeps the CSRF secret in the sealed cookie. Another site cannot read it and cannot make a seal; one that can write cookies
 * here could plant a whole step that we sealed for itself, which the check of the form's origin is for.
 */
public final class SignInCsrfTokens implements CsrfTokenRepository {
    /** Name of the form's field. */
    public static final String FIELD = "_csrf";

    private static final String HEADER = "X-CSRF-TOKEN";

    private final SignInSteps steps;

    SignInCsrfTokens(SignInSteps steps) {
        this.steps = steps;
    }

    @Override
    public @Nullable CsrfToken loadToken(HttpServletRequest request) {
        return steps.current(request).map(step -> token(step.csrf())).orElse(null);
    }

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return token(steps.newSecret());
    }

    /** Begins a step with the new secret. Removing it is not ours: the secret goes with the step. */
    @Override
    public void saveToken(@Nullable CsrfToken token, HttpServletRequest request, HttpServletResponse response) {
        if (token != null) {
            steps.begin(token.getToken(), request, response);
        }
    }

    private static CsrfToken token(String secret) {
        return new DefaultCsrfToken(HEADER, FIELD, secret);
    }
}
