package dev.firebreak.auth.sso;

import dev.firebreak.starter.ServiceIdentity;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.util.WebUtils;

/** The cookie {@code firebreak-sso}. Its attributes follow the configured public origin, never the request. */
@Component
public class SsoCookie {
    /** Name of the cookie. */
    public static final String NAME = "firebreak-sso";

    private final boolean secure;
    private final Duration rememberedFor;

    SsoCookie(ServiceIdentity identity, SsoProperties properties) {
        this.secure = "https".equals(identity.publicOrigin().getScheme());
        this.rememberedFor = properties.maxAge();
    }

    /** The secret that the browser sent; absent if none, or none of our shape. */
    public Optional<SsoSecret> read(HttpServletRequest request) {
        Cookie cookie = WebUtils.getCookie(request, NAME);
        return cookie == null ? Optional.empty() : SsoSecret.parse(cookie.getValue());
    }

    /**
     * Hands the secret to the browser: until it closes, or with "keep me signed in" for as long as a sign-in can live.
     * Idleness is judged by the row alone, so that the cookie need not be sent again with each use.
     */
    public void write(HttpServletResponse response, SsoSecret secret, boolean remembered) {
        add(response, secret.text(), remembered ? rememberedFor : Duration.ofSeconds(-1));
    }

    /** Takes it back. */
    public void clear(HttpServletResponse response) {
        add(response, "", Duration.ZERO);
    }

    private void add(HttpServletResponse response, String value, Duration maxAge) {
        ResponseCookie cookie = ResponseCookie.from(NAME, value)
                .path("/auth")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .maxAge(maxAge)
                .build();
        response.addHeader(HttpHeaders.SET_COOKIE, cookie.toString());
    }
}
