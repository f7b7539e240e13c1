package dev.firebreak.starter.client;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.trust.retry.RetryAfterHeader;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.client.RestClient;

/**
 * What an upstream's refusal means to our own caller. That it is busy, broken, or does not accept us (401, 403) is trouble
 * between services: 503, because the caller's credential was judged when its request came in. Any other 4xx is about the
 * request that our code made, so it stays Spring's exception for that code to read; unread it is a bug of ours.
 */
final class UpstreamAnswers implements RestClient.ResponseSpec.ErrorHandler {
    private final String client;
    private final InstantSource clock;

    UpstreamAnswers(String client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    static boolean isTroubleBetweenServices(HttpStatusCode status) {
        return switch (Outcome.of(status.value())) {
            case SHED, REFUSED, FAILED -> true;
            default -> false;
        };
    }

    @Override
    public void handle(HttpRequest request, ClientHttpResponse response) throws IOException {
        String header = response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER);
        Duration retryAfter = RetryAfterHeader.parse(header, clock.instant()).orElse(null);
        // The path alone: a query may hold what does not belong in a log. The trace leads to what the other side
        // logged.
        throw unavailable(
                retryAfter,
                new IllegalStateException("%s answered %d to %s %s"
                        .formatted(
                                client,
                                response.getStatusCode().value(),
                                request.getMethod(),
                                request.getURI().getRawPath())));
    }

    /** @param cause goes to the log: it may name what the caller need not know */
    static ServiceException unavailable(@Nullable Duration retryAfter, Throwable cause) {
        return new ServiceException(
                ServiceError.UPSTREAM_UNAVAILABLE,
                "A service that this one needs cannot answer at the moment.",
                retryAfter,
                cause);
    }
}
