package dev.firebreak.trust;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next question: pure arithmetic, so that a test can read it. */
final class Backoff {
    /** A feed that comes back must be noticed before its outage is felt. */
    private static final Duration MAX = Duration.ofSeconds(5);
    /** 2^16 times any sensible interval is past the maximum. */
    private static final int MAX_DOUBLINGS = 16;

    private final Duration pollEvery;
    private final RandomGenerator random;

    Backoff(Duration pollEvery, RandomGenerator random) {
        this.pollEvery = pollEvery;
        this.random = random;
    }

    /**
     * What is left of the ordinary interval, a tenth up or down, so that nodes started together do not ask together.
     *
     * @param asked how long ago; the server has kept the question for most of the interval, or for none of it
     */
    Duration afterSuccess(Duration asked) {
        Duration interval = between(
                pollEvery.multipliedBy(9).dividedBy(10),
                pollEvery.multipliedBy(11).dividedBy(10));
        return interval.compareTo(asked) > 0 ? interval.minus(asked) : Duration.ZERO;
    }

    /** Doubles with each failure in a row up to 5 s, then a random point in its upper half. */
    Duration afterFailure(int failures) {
        Duration ceiling = pollEvery.multipliedBy(1L << Math.clamp(failures - 1L, 0, MAX_DOUBLINGS));
        Duration capped = ceiling.compareTo(MAX) < 0 ? ceiling : MAX;
        return between(capped.dividedBy(2), capped);
    }

    private Duration between(Duration from, Duration to) {
        return from.plusNanos(random.nextLong(to.minus(from).toNanos() + 1));
    }
}
