package dev.firebreak.auth.oauth;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.FilterOrder;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Reads the form of a token request before the request is admitted, because only the form says what it is: a renewal must
 * not queue behind sign-ins. Small, fast and few, so that reading cannot be what runs out.
 */
final class TokenFormFilter extends OncePerRequestFilter {
    /** After the answers for everybody, before the first count. */
    static final int ORDER = FilterOrder.IN_FLIGHT - 1;

    static final int LARGEST = 16 * 1024;
    static final Duration LONGEST = Duration.ofSeconds(1);

    private final OAuthErrors errors;
    private final Semaphore places;
    private final Counter refused;

    /**
     * @param atOnce forms that may be read at once
     */
    TokenFormFilter(int atOnce, OAuthErrors errors, MeterRegistry metrics) {
        this.errors = errors;
        this.places = new Semaphore(atOnce);
        this.refused = Counter.builder("auth.token.forms.refused")
                .description("Token requests refused because too many forms were being read")
                .register(metrics);
        Gauge.builder("auth.token.forms", places, it -> atOnce - it.availablePermits())
                .description("Forms of token requests that are being read")
                .register(metrics);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !HttpMethod.POST.matches(request.getMethod()) || !isForm(request.getContentType());
    }

    private static boolean isForm(@Nullable String contentType) {
        return contentType != null
                && contentType.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_FORM_URLENCODED_VALUE);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > LARGEST) {
            throw TokenForm.tooLarge();
        }
        if (!places.tryAcquire()) {
            refused.increment();
            throw new ServiceException(ServiceError.SATURATED, "Too many requests are arriving.", LONGEST);
        }
        TokenForm form = new TokenForm(request);
        Optional<byte[]> body;
        try {
            body = form.read(LONGEST);
        } finally {
            places.release();
        }
        if (body.isPresent()) {
            chain.doFilter(new FormRequest(request, body.get()), response);
        } else {
            tooSlow(request, response, form);
        }
    }

    /** The caller is told in time; the thread stays until Tomcat gives the read up, because the request is its own. */
    private void tooSlow(HttpServletRequest request, HttpServletResponse response, TokenForm form) throws IOException {
        response.setHeader(HttpHeaders.CONNECTION, "close");
        errors.write(
                request,
                response,
                new ServiceException(
                        RequestError.DEADLINE_EXCEEDED, "The form did not arrive within a second.", LONGEST));
        form.awaitEnd();
    }
}
