package dev.firebreak.gateway.renewal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whether the authorization server is away. After {@link #THRESHOLD} failures in a row nobody asks any more but one probe
 * at a time, at growing intervals with jitter: an outage costs one request now and then, not one per request. For any
 * number of threads.
 */
final class Outage {
    /** One slow answer is no outage. */
    private static final int THRESHOLD = 3;

    private static final Duration FIRST = Duration.ofMillis(500);
    /** How late the end of an outage may be noticed; with a usable token nobody notices at all. */
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final RandomGenerator random;
    private int failures;
    private @Nullable String lastFailed;
    private Instant nextProbe = Instant.MIN;

    Outage(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** Whether to ask now. A yes during an outage is the probe: whoever gets it must report how it went. */
    synchronized boolean mayAsk() {
        if (failures < THRESHOLD) {
            return true;
        }
        Instant now = clock.instant();
        if (now.isBefore(nextProbe)) {
            return false;
        }
        // A probe that is never reported, because its node lost the thread, must not be the last one.
        nextProbe = now.plus(LONGEST.multipliedBy(2));
        return true;
    }

    /** The authorization server answered, whatever it said. */
    synchronized void answered() {
        failures = 0;
        lastFailed = null;
    }

    /**
     * It did not, or said that it cannot. One session alone proves no outage, however often it fails: its token may be
     * one that no server can read.
     */
    synchronized void failed(String sid) {
        if (failures < THRESHOLD && sid.equals(lastFailed)) {
            return;
        }
        lastFailed = sid;
        failures = Math.min(failures + 1, 30);
        if (failures >= THRESHOLD) {
            nextProbe = clock.instant().plus(backOff());
        }
    }

    /** Whether {@link #mayAsk} would say no; changes nothing. */
    synchronized boolean isSilent() {
        return failures >= THRESHOLD && clock.instant().isBefore(nextProbe);
    }

    /** Whether the last answer was none. */
    synchronized boolean isTroubled() {
        return failures > 0;
    }

    /** Whether the authorization server counts as away. */
    synchronized boolean isOpen() {
        return failures >= THRESHOLD;
    }

    /** Doubles from the threshold on; half of it is random, so that nodes do not probe together. */
    private Duration backOff() {
        int doublings = Math.min(failures - THRESHOLD, 10);
        long full = Math.min(FIRST.toMillis() << doublings, LONGEST.toMillis());
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
