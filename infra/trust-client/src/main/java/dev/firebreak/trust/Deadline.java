package dev.firebreak.trust;

import dev.firebreak.contracts.http.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When the caller stops waiting. Travels as milliseconds left ({@link Headers#TIMEOUT}), because clocks need not agree;
 * inside a process it is a point on its own clock.
 */
public record Deadline(Instant at) {
    /** No wait of ours is longer than a day; more digits would overflow. */
    private static final int MAX_DIGITS = 8;

    /**
     * Reads the header. Absent if there is none or it is not a positive whole number: a caller that cannot say how long it
     * waits gets the default, not an error.
     *
     * @param max longest time that this process works on one request
     */
    public static Optional<Deadline> parse(@Nullable String headerMillis, Instant now, Duration max) {
        if (headerMillis == null || !isNumber(headerMillis)) {
            return Optional.empty();
        }
        Duration left = Duration.ofMillis(Long.parseLong(headerMillis));
        if (left.isZero()) {
            return Optional.empty();
        }
        return Optional.of(new Deadline(now.plus(left.compareTo(max) < 0 ? left : max)));
    }

    /** Time left, never negative. */
    public Duration left(Instant now) {
        return now.isBefore(at) ? Duration.between(now, at) : Duration.ZERO;
    }

    /** Value of the header for a call made now; at least 1, because 0 would mean "no deadline" to the receiver. */
    public String headerValue(Instant now) {
        return Long.toString(Math.max(1, left(now).toMillis()));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
