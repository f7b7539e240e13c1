package dev.firebreak.auth.login;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;

/** Sends a browser on after a form. */
final class Redirect {
    private Redirect() {}

    /** By GET, and as written: the container would complete a relative address from the request's Host. */
    static void seeOther(String target, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(HttpHeaders.LOCATION, target);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }
}
