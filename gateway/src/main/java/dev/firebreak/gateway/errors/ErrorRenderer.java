package dev.firebreak.gateway.errors;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.gateway.platform.PageHeaders;
import dev.firebreak.trust.Occasion;
import dev.firebreak.trust.ProblemDocument;
import dev.firebreak.trust.RetryAfter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** The one place where a failure becomes an answer, and where it is logged. */
@Component
class ErrorRenderer {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorRenderer.class);

    private final Occasion overload = new Occasion(Duration.ofSeconds(1));
    private final ErrorPages pages;
    private final MeterRegistry metrics;

    ErrorRenderer(ErrorPages pages, MeterRegistry metrics) {
        this.pages = pages;
        this.metrics = metrics;
    }

    /** Answers in the language of whoever asked. Headers that were set before, cookies above all, stay. */
    Mono<Void> render(ServerWebExchange exchange, ServiceException failure) {
        ErrorCode error = failure.error();
        ServerHttpResponse response = exchange.getResponse();
        Trace trace = Trace.find(exchange);
        String traceId = trace == null ? null : trace.traceId();
        log(exchange, failure, traceId);
        metrics.counter("gateway.errors", "code", error.code()).increment();

        HttpHeaders headers = response.getHeaders();
        response.setStatusCode(HttpStatus.valueOf(error.kind().status()));
        headers.setCacheControl("no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        int retryAfter = RetryAfter.seconds(failure.retryAfter(), ThreadLocalRandom.current());
        if (mayPass(error)) {
            headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(retryAfter));
        }
        if (error.kind() == ErrorCode.Kind.UNAUTHENTICATED) {
            headers.set(HttpHeaders.WWW_AUTHENTICATE, challenge(error));
        }
        return write(response, body(exchange, failure, traceId, retryAfter, headers));
    }

    private String body(
            ServerWebExchange exchange,
            ServiceException failure,
            @Nullable String traceId,
            int retryAfter,
            HttpHeaders headers) {
        ErrorCode error = failure.error();
        String path = exchange.getRequest().getURI().getRawPath();
        return switch (Audience.of(exchange.getRequest())) {
            case PERSON -> {
                PageHeaders.addTo(headers);
                headers.set(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8");
                yield pages.render(error, detail(failure), traceId, mayPass(error) ? retryAfter : null);
            }
            case OAUTH_CLIENT -> {
                headers.set(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8");
                yield oauthError(failure);
            }
            case PROGRAM -> {
                headers.set(HttpHeaders.CONTENT_TYPE, Paths.PROBLEM_JSON);
                yield ProblemDocument.of(failure, path, traceId, retryAfter).toJson();
            }
        };
    }

    /** RFC 6749, 5.2 and 4.1.2.1; {@code slow_down} is RFC 8628's. */
    private static String oauthError(ServiceException failure) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put(
                "error",
                switch (failure.error().kind()) {
                    case UNAVAILABLE -> "temporarily_unavailable";
                    case RATE_LIMITED -> "slow_down";
                    case INTERNAL -> "server_error";
                    default -> "invalid_request";
                });
        members.put("error_description", detail(failure));
        return JSONObjectUtils.toJSONString(members);
    }

    /** RFC 6750, 3: a request without any credential gets the bare challenge. */
    private static String challenge(ErrorCode error) {
        if (error == AuthError.STEP_UP_REQUIRED) {
            return "Bearer realm=\"firebreak\", error=\"insufficient_user_authentication\"";
        }
        boolean bearerJudged = error instanceof AuthError && error != AuthError.TOKEN_MISSING;
        return "Bearer realm=\"firebreak\"" + (bearerJudged ? ", error=\"invalid_token\"" : "");
    }

    private static boolean mayPass(ErrorCode error) {
        return error.kind() == ErrorCode.Kind.UNAVAILABLE || error.kind() == ErrorCode.Kind.RATE_LIMITED;
    }

    private static String detail(ServiceException failure) {
        return failure.getMessage() == null ? failure.error().title() : failure.getMessage();
    }

    private static Mono<Void> write(ServerHttpResponse response, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        response.getHeaders().setContentLength(bytes.length);
        DataBuffer buffer = response.bufferFactory().wrap(bytes);
        return response.writeWith(Mono.just(buffer));
    }

    private void log(ServerWebExchange exchange, ServiceException failure, @Nullable String traceId) {
        ErrorCode error = failure.error();
        String method = exchange.getRequest().getMethod().name();
        String path = exchange.getRequest().getURI().getRawPath();
        // Refusals for want of room come in crowds; the metric counts each. One with a cause is something else.
        boolean crowded = error == ServiceError.SATURATED && failure.getCause() == null;
        OptionalLong more = crowded ? overload.take() : OptionalLong.of(0);
        if (more.isEmpty()) {
            return;
        }
        try (var _ = MDC.putCloseable("trace_id", traceId == null ? "" : traceId)) {
            if (error.kind() == ErrorCode.Kind.INTERNAL) {
                LOG.error("{} {} failed: {}", method, path, error.code(), failure);
            } else if (error.kind() == ErrorCode.Kind.UNAVAILABLE) {
                LOG.warn(
                        "{} {} not served: {}: {}{}{}",
                        method,
                        path,
                        error.code(),
                        failure.getMessage(),
                        causeOf(failure),
                        more.getAsLong() > 0 ? " (and " + more.getAsLong() + " more for want of room)" : "");
            } else if (error == RateError.LIMITED) {
                // Whoever asks too often must not fill the log as well; the metric counts them.
                LOG.debug("{} {} refused: {}", method, path, error.code());
            } else {
                LOG.info("{} {} refused: {}: {}", method, path, error.code(), failure.getMessage());
            }
        }
    }

    private static String causeOf(ServiceException failure) {
        return failure.getCause() == null ? "" : " (" + failure.getCause() + ")";
    }
}
