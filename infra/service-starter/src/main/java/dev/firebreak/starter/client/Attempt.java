package dev.firebreak.starter.client;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.trust.retry.RetryAfterHeader;
import dev.firebreak.trust.retry.RetryRules;
import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.ClientHttpResponse;

/** One request and what came of it. */
sealed interface Attempt {
    /** The other side answered, whatever it said. */
    record Answered(ClientHttpResponse response, int status) implements Attempt {}

    /** There was no answer. */
    record Broken(IOException failure) implements Attempt {
        boolean isTimeout() {
            return failure instanceof HttpTimeoutException && !(failure instanceof HttpConnectTimeoutException);
        }
    }

    /** What the attempt shows in the metrics. */
    default Outcome outcome() {
        return switch (this) {
            case Answered answered -> Outcome.of(answered.status);
            case Broken broken when broken.isTimeout() -> Outcome.TIMEOUT;
            case Broken _ -> Outcome.UNREACHABLE;
        };
    }

    /** Whether the same request may succeed a little later. */
    default boolean mayPass() {
        return switch (this) {
            case Answered _ -> outcome() == Outcome.SHED;
            case Broken broken -> RetryRules.isConnectionFailure(broken.failure);
        };
    }

    /** How long the other side asks us to wait. */
    default Optional<Duration> retryAfter(Instant now) {
        return switch (this) {
            case Answered answered ->
                RetryAfterHeader.parse(answered.response.getHeaders().getFirst(HttpHeaders.RETRY_AFTER), now);
            case Broken _ -> Optional.empty();
        };
    }

    /** Frees the connection, because nobody reads this answer. */
    default void discard() {
        if (this instanceof Answered answered) {
            answered.response.close();
        }
    }

    /**
     * The attempt as the call's result.
     *
     * @throws ServiceException if there was no answer
     */
    default ClientHttpResponse end() {
        return switch (this) {
            case Answered answered -> answered.response;
            case Broken broken
            when broken.failure instanceof HttpTimeoutException ->
                throw new ServiceException(
                        ServiceError.UPSTREAM_TIMEOUT,
                        "A service that this one needs did not answer in time.",
                        broken.failure);
            case Broken broken -> throw UpstreamAnswers.unavailable(null, broken.failure);
        };
    }
}
