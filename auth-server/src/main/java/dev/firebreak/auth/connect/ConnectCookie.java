package dev.firebreak.auth.connect;

import dev.firebreak.auth.sealing.Seal;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/**
 * The cookie {@code firebreak-connect}: the attempt under way, sealed. One that is missing, changed, expired or from another
 * deployment is all the same: there is no attempt. Of two tabs the one that began last wins.
 */
final class ConnectCookie {
    static final String NAME = "firebreak-connect";

    private static final String PATH = "/auth/connect";

    private final Seal seal;
    private final boolean secure;
    private final InstantSource clock;

    ConnectCookie(Seal seal, boolean secure, InstantSource clock) {
        this.seal = seal;
        this.secure = secure;
        this.clock = clock;
    }

    Optional<ConnectAttempt> read(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, NAME);
        return cookie == null
                ? Optional.empty()
                : seal.open(cookie.getValue())
                        .flatMap(ConnectAttempt::parse)
                        .filter(attempt -> attempt.expiresAt().isAfter(clock.instant()));
    }

    void write(ConnectAttempt attempt, HttpServletResponse response) {
        add(seal.seal(attempt.toText()), Duration.between(clock.instant(), attempt.expiresAt()), response);
    }

    void clear(HttpServletResponse response) {
        add("", Duration.ZERO, response);
    }

    private void add(String value, Duration maxAge, HttpServletResponse response) {
        ResponseCookie cookie = ResponseCookie.from(NAME, value)
                .path(PATH)
                .httpOnly(true)
                .secure(secure)
                // Not Strict: the browser comes back from Google by a navigation that began there.
                .sameSite("Lax")
                .maxAge(maxAge)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
