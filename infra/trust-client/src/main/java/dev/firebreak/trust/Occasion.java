package dev.firebreak.trust;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Of events that come in crowds, such as refusals under overload, lets one through in each interval and counts the others,
 * so that a log line each does not add to the load. Thread-safe, without a lock.
 */
public final class Occasion {
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final AtomicLong leftOut = new AtomicLong();

    /** @param interval at least so long between two that are let through */
    public Occasion(Duration interval) {
        this(interval, System::nanoTime);
    }

    Occasion(Duration interval, LongSupplier nanoTime) {
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** How many were left out since the last one that was let through; empty if this one is to be left out too. */
    public OptionalLong take() {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + intervalNanos)) {
            leftOut.incrementAndGet();
            return OptionalLong.empty();
        }
        return OptionalLong.of(leftOut.getAndSet(0));
    }
}
