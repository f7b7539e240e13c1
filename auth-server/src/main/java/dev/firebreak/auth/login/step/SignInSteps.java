package dev.firebreak.auth.login.step;

import dev.firebreak.auth.sealing.Seal;
import dev.firebreak.contracts.token.Lifetimes;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * The cookie {@code firebreak-signin}. One that is missing, changed, expired or from another deployment is all the same:
 * the browser starts again. Two tabs share the cookie; so the CSRF secret stays while it lives, and only the last
 * request to go back to counts.
 */
public final class SignInSteps {
    /** Name of the cookie. */
    public static final String COOKIE = "firebreak-signin";

    private static final int CSRF_BYTES = 32;
    private static final String CURRENT = SignInSteps.class.getName();

    private final Seal seal;
    private final boolean secure;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    SignInSteps(Seal seal, boolean secure, InstantSource clock) {
        this.seal = seal;
        this.secure = secure;
        this.clock = clock;
    }

    /** The step that this request brought, or that was begun while it is answered. */
    public Optional<SignInStep> current(HttpServletRequest request) {
        if (request.getAttribute(CURRENT) instanceof SignInStep begun) {
            return Optional.of(begun);
        }
        Cookie cookie = WebUtils.getCookie(request, COOKIE);
        if (cookie == null) {
            return Optional.empty();
        }
        return seal.open(cookie.getValue())
                .flatMap(SignInStep::parse)
                .filter(step -> step.expiresAt().isAfter(clock.instant()));
    }

    /** The current step with its full time ahead, or a new one. */
    public SignInStep beginOrContinue(HttpServletRequest request, HttpServletResponse response) {
        SignInStep step = current(request).orElseGet(this::fresh);
        return write(step, request, response);
    }

    /** As above, with another request to go back to. */
    SignInStep beginOrContinue(
            @Nullable AuthorizationUrl target, HttpServletRequest request, HttpServletResponse response) {
        SignInStep step = current(request).orElseGet(this::fresh).towards(target);
        return write(step, request, response);
    }

    /**
     * As above, to choose a password.
     *
     * @param token what the link held; null if that was none of ours
     */
    public SignInStep beginReset(@Nullable String token, HttpServletRequest request, HttpServletResponse response) {
        SignInStep step = current(request).orElseGet(this::fresh).resetting(token);
        return write(step, request, response);
    }

    /** The way in has ended. */
    public void clear(HttpServletRequest request, HttpServletResponse response) {
        request.removeAttribute(CURRENT);
        addCookie("", Duration.ZERO, response);
    }

    /** A new step around a given CSRF secret. */
    void begin(String csrf, HttpServletRequest request, HttpServletResponse response) {
        write(new SignInStep(csrf, null, clock.instant()), request, response);
    }

    /** A new CSRF secret. */
    String newSecret() {
        byte[] csrf = new byte[CSRF_BYTES];
        random.nextBytes(csrf);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(csrf);
    }

    private SignInStep fresh() {
        return new SignInStep(newSecret(), null, clock.instant());
    }

    private SignInStep write(SignInStep step, HttpServletRequest request, HttpServletResponse response) {
        SignInStep extended = step.until(clock.instant().plus(Lifetimes.SIGN_IN_STEP));
        if (!(request.getAttribute(CURRENT) instanceof SignInStep written) || !written.equals(extended)) {
            request.setAttribute(CURRENT, extended);
            addCookie(seal.seal(extended.toText()), Lifetimes.SIGN_IN_STEP, response);
        }
        return extended;
    }

    private void addCookie(String value, Duration maxAge, HttpServletResponse response) {
        ResponseCookie cookie = ResponseCookie.from(COOKIE, value)
                .path("/auth")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .maxAge(maxAge)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
