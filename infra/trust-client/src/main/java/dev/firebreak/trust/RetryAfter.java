package dev.firebreak.trust;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When to try again, in the whole seconds of {@code Retry-After} (RFC 9110, 10.2.3), spread so that no herd returns. */
public final class RetryAfter {
    private static final int MIN = 1;
    private static final int MAX = 10;
    /** Even a long hint leaves room to spread below the maximum. */
    private static final int LAST_START = 6;

    private RetryAfter() {}

    /**
     * Between 1 and 10. With a hint, from the hint to about twice of it; without one, anywhere.
     *
     * @param hint how long the trouble is expected to last
     */
    public static int seconds(@Nullable Duration hint, RandomGenerator random) {
        if (hint == null) {
            return random.nextInt(MIN, MAX + 1);
        }
        // Anything from 10 s on means the same here, and a Duration may hold more than an int.
        long wanted = hint.compareTo(Duration.ofSeconds(MAX)) > 0
                ? MAX
                : hint.plusNanos(999_999_999).toSeconds();
        int from = Math.clamp(wanted, MIN, LAST_START);
        int to = Math.clamp(2 * wanted + 1, from, MAX);
        return random.nextInt(from, to + 1);
    }
}
