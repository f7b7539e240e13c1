package dev.firebreak.auth.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** When an attempt that failed is made again, and when no more; as Standard Webhooks advises. Pure arithmetic. */
final class RetrySchedule {
    /** Ends after two days: a receiver that is away over a weekend's worth of faults needs a person. */
    private static final List<Duration> PAUSES = List.of(
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30),
            Duration.ofHours(1),
            Duration.ofHours(3),
            Duration.ofHours(6),
            Duration.ofHours(12),
            Duration.ofHours(24));

    /** Attempts that are made at most. */
    static final int ATTEMPTS = PAUSES.size() + 1;

    /** What a receiver may put its next attempt off by. */
    private static final Duration LONGEST_WISH = Duration.ofHours(24);

    /** Either way, so that what failed together does not come back together. */
    private static final double JITTER = 0.2;

    private RetrySchedule() {}

    /**
     * Time of the next attempt; absent after the last.
     *
     * @param attempts made so far
     * @param wish of the receiver ({@code Retry-After})
     * @param random from 0 to 1
     */
    static Optional<Instant> next(int attempts, Instant now, @Nullable Duration wish, double random) {
        if (attempts >= ATTEMPTS) {
            return Optional.empty();
        }
        Duration pause = PAUSES.get(Math.max(0, attempts - 1));
        long jittered = (long) (pause.toMillis() * (1 - JITTER + 2 * JITTER * random));
        Duration wished = wish == null ? Duration.ZERO : wish;
        Duration bounded = wished.compareTo(LONGEST_WISH) < 0 ? wished : LONGEST_WISH;
        return Optional.of(now.plusMillis(Math.max(jittered, bounded.toMillis())));
    }
}
