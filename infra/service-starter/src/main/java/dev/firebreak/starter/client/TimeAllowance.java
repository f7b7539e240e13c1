package dev.firebreak.starter.client;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.util.Optional;

/**
 * How long one call may take: whoever is further from the person gives up first, so that each can still answer. Pure
 * arithmetic.
 *
 * @param ours when we stop waiting
 * @param theirs what the other side is told that we wait
 */
record TimeAllowance(Duration ours, Duration theirs) {
    /** To write an answer and to carry it over a network of our own, twice over. */
    static final Duration MARGIN = Duration.ofMillis(25);
    /** Nothing of ours answers in less, so that asking would be waste. */
    static final Duration LEAST = Duration.ofMillis(10);

    /**
     * @param left what is left of the request's deadline; absent outside a request
     * @param readTimeout the most that this client ever waits
     * @throws ServiceException {@code request.deadline_exceeded} if there is too little left to ask at all
     */
    static TimeAllowance of(Optional<Duration> left, Duration readTimeout) {
        Duration ours = left.map(it -> it.minus(MARGIN))
                .filter(it -> it.compareTo(readTimeout) < 0)
                .orElse(readTimeout);
        Duration theirs = ours.minus(MARGIN);
        if (theirs.compareTo(LEAST) < 0) {
            throw new ServiceException(
                    RequestError.DEADLINE_EXCEEDED, "Too little of the caller's deadline was left to ask any further.");
        }
        return new TimeAllowance(ours, theirs);
    }
}
