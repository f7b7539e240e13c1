package dev.firebreak.trust.test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that moves only when told to, so that a test reads as a timeline. For any number of threads. */
public final class TestClock implements InstantSource {
    /** Where every timeline begins. */
    public static final Instant START = Instant.parse("2026-11-02T08:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(START);

    @Override
    public Instant instant() {
        return now.get();
    }

    /** Moves on. */
    public void advance(Duration step) {
        now.updateAndGet(instant -> instant.plus(step));
    }

    /** Jumps, also backwards. */
    public void set(Instant instant) {
        now.set(instant);
    }
}
