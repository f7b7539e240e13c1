package dev.firebreak.starter.token;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When a token is renewed and when a failure is followed by the next try: pure arithmetic. Thread-safe if random is. */
record RenewalSchedule(RandomGenerator random) {
    /** A third of its life: of 15 minutes at least ten are left for an outage, one of them for whoever needs a rest. */
    private static final int PART_OF_LIFE = 3;
    /** Nodes that started together do not renew together. Earlier only: later would eat into the ten minutes. */
    private static final int SPREAD = 5;

    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);
    /** Short against the nine minutes, and two questions a minute disturb nobody. */
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    /** Whoever asks for more is misread rather than obeyed: tokens would end meanwhile. */
    private static final Duration MOST_OBEYED = Duration.ofSeconds(60);

    private static final int MAX_DOUBLINGS = 5;

    /** Between 4/15 and 5/15 of the token's life after it was obtained. */
    Instant renewAt(ServiceToken token) {
        Duration third = token.life().dividedBy(PART_OF_LIFE);
        return token.obtainedAt().plus(third).minus(upTo(third.dividedBy(SPREAD)));
    }

    /**
     * How long nobody asks after a failure: from 0.5–1 s on, doubling to 15–30 s, and never less than was asked for.
     *
     * @param failures in a row, at least 1
     */
    Duration backoff(int failures, Optional<Duration> asked) {
        Duration ceiling = FIRST_BACKOFF.multipliedBy(1L << Math.clamp(failures - 1L, 0, MAX_DOUBLINGS));
        Duration half = min(ceiling, MAX_BACKOFF).dividedBy(2);
        Duration wait = half.plus(upTo(half));
        Duration least = min(asked.orElse(Duration.ZERO), MOST_OBEYED);
        return wait.compareTo(least) < 0 ? least.plus(upTo(half)) : wait;
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
