package dev.firebreak.starter.client;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.starter.problem.Failure;
import dev.firebreak.starter.problem.FailureTranslator;
import java.net.http.HttpTimeoutException;
import java.util.Optional;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Answers that broke off or cannot be read. Asked before Spring MVC's own exceptions, which would blame the caller for a
 * body that the other service sent.
 */
final class ClientFailures implements FailureTranslator {
    @Override
    public Optional<Failure> translate(Throwable thrown) {
        if (!(thrown instanceof RestClientException failed) || thrown instanceof RestClientResponseException) {
            return Optional.empty();
        }
        Failure failure = failed.contains(HttpTimeoutException.class)
                ? Failure.of(ServiceError.UPSTREAM_TIMEOUT, "A service that this one needs did not answer in time.")
                : Failure.of(
                        ServiceError.UPSTREAM_UNAVAILABLE,
                        "A service that this one needs gave an answer that cannot be used.");
        return Optional.of(failure.causedBy(failed));
    }
}
