package dev.firebreak.auth.login;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.View;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;

/**
 * Shows a page with the headers that every page of ours has. Also works in filters, where no controller has run: a page
 * must come out whatever has failed before.
 */
@Component
class Pages {
    // No inline script or style, no foreign content, no frame. Forms go home, or where a sign-in will lead to in the
    // end.
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
                    + "frame-ancestors 'none'; base-uri 'none'; form-action ";

    private final ThymeleafViewResolver views;

    Pages(ThymeleafViewResolver views) {
        this.views = views;
    }

    /**
     * @param template name of the template
     * @param formTargets origins besides our own to which submitting a form may lead; Chromium holds redirects after a
     *     submit against the policy too
     */
    void show(
            String template,
            int status,
            Map<String, Object> model,
            Stream<String> formTargets,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        response.setStatus(status);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader(
                "Content-Security-Policy",
                POLICY + Stream.concat(Stream.of("'self'"), formTargets).collect(Collectors.joining(" ")));
        // Not no-referrer: under that a form's POST says "Origin: null".
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        render(template, model, request, response);
    }

    private void render(
            String template, Map<String, Object> model, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        try {
            View view = views.resolveViewName(template, Locale.ENGLISH);
            if (view == null) {
                throw new IllegalStateException("No page " + template);
            }
            view.render(model, request, response);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("Page " + template + " cannot be shown", e);
        }
    }
}
