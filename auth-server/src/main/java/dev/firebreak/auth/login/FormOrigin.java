package dev.firebreak.auth.login;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Refuses forms that the browser says another site submitted, whatever secret they hold. The secret alone does
 * not stop a login CSRF: whoever can write cookies for this host (a sibling domain, anybody on a wire without TLS) can plant
 * a sign-in step of their own and post the form that goes with it. A browser so old that it sends neither header is judged
 * by the secret alone.
 */
final class FormOrigin extends OncePerRequestFilter {
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private final String origin;
    private final AccessDeniedHandler refusal;

    FormOrigin(URI publicOrigin, AccessDeniedHandler refusal) {
        this.origin = asBrowsersWrite(publicOrigin);
        this.refusal = refusal;
    }

    /** RFC 6454, 6.2: lower case, no default port, no path. */
    static String asBrowsersWrite(URI url) {
        String base = (url.getScheme() + "://" + url.getHost()).toLowerCase(Locale.ROOT);
        boolean standard = url.getPort() == (base.startsWith("https:") ? 443 : 80);
        return url.getPort() < 0 || standard ? base : base + ":" + url.getPort();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean ours = isAbsentOr(origin, request.getHeader(HttpHeaders.ORIGIN))
                && isAbsentOr("same-origin", request.getHeader(FETCH_SITE));
        if (ours || !HttpMethod.POST.matches(request.getMethod())) {
            chain.doFilter(request, response);
        } else {
            refusal.handle(request, response, new CsrfException("The form was submitted by another site"));
        }
    }

    private static boolean isAbsentOr(String wanted, @Nullable String header) {
        return header == null || header.equals(wanted);
    }
}
