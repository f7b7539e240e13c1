package dev.firebreak.gateway.platform;

import org.springframework.http.HttpHeaders;

/** Headers of every page of the gateway's own: nothing but this origin's scripts, styles, images and calls. */
public final class PageHeaders {
    private static final String CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
            + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private PageHeaders() {}

    /** Adds them. */
    public static void addTo(HttpHeaders headers) {
        headers.set("Content-Security-Policy", CSP);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("X-Frame-Options", "DENY");
    }
}
