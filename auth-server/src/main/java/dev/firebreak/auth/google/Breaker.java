package dev.firebreak.auth.google;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Stops calling what does not answer: after so many failures in a row nobody calls for a while, then one does, and what
 * becomes of that decides. Thread-safe; decides in memory.
 */
final class Breaker {
    /** So that one bad minute of one account's quota does not stop everybody. */
    private static final int FAILURES = 5;
    /** Up to half of it is added at random, so that nodes do not come back in step. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final InstantSource clock;
    private int failures;
    private boolean probing;
    private Instant openUntil = Instant.MIN;

    Breaker(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether to call now. Who is let in must tell what came of it. */
    synchronized boolean admits() {
        if (failures < FAILURES) {
            return true;
        }
        if (probing || clock.instant().isBefore(openUntil)) {
            return false;
        }
        probing = true;
        return true;
    }

    synchronized void succeeded() {
        failures = 0;
        probing = false;
    }

    synchronized void failed() {
        failures = Math.min(failures + 1, FAILURES);
        probing = false;
        if (failures == FAILURES) {
            long extra = ThreadLocalRandom.current().nextLong(PAUSE.toMillis() / 2);
            openUntil = clock.instant().plus(PAUSE).plusMillis(extra);
        }
    }

    synchronized boolean isOpen() {
        return failures == FAILURES;
    }

    /** How long it stays open for sure; at least a second. */
    synchronized Duration retryAfter() {
        Duration left = openUntil.equals(Instant.MIN) ? Duration.ZERO : Duration.between(clock.instant(), openUntil);
        return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
    }
}
