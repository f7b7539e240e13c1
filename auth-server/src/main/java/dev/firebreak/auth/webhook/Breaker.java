package dev.firebreak.auth.webhook;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether one receiver is worth an attempt from this node. After some failures in a row it gets a pause, then one attempt
 * that decides: messages to a receiver that is away neither use up their attempts nor the time of the run. Used by one
 * thread; read by metrics.
 */
final class Breaker {
    /** In a row: two may be one bad moment of a receiver with several nodes. */
    private static final int FAILURES = 5;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private int failures;
    private Duration pause = FIRST_PAUSE;
    private volatile Instant openUntil = Instant.MIN;

    /** How many messages may be tried now, of as many as would be. */
    int admitted(int wanted, Instant now) {
        if (now.isBefore(openUntil)) {
            return 0;
        }
        return failures >= FAILURES ? Math.min(1, wanted) : wanted;
    }

    void succeeded() {
        failures = 0;
        pause = FIRST_PAUSE;
        openUntil = Instant.MIN;
    }

    void failed(Instant now) {
        failures++;
        if (failures < FAILURES || now.isBefore(openUntil)) {
            return;
        }
        openUntil = now.plus(pause);
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    boolean isOpen() {
        return openUntil.isAfter(Instant.MIN);
    }
}
