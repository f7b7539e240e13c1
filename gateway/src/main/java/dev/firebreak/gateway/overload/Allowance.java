package dev.firebreak.gateway.overload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many requests a service that refuses for want of room may still be sent: one less for each that is sent, two more for
 * each that it answers otherwise. A service that refuses most is sent about twice what it can do, so that it never runs dry,
 * and the rest is refused here. That is the adaptive throttling of "Site Reliability Engineering", chapter 21, without
 * its window: it eases with the next good answer. A service that has refused nothing for a second is sent everything,
 * however slow it is and however many requests are on their way.
 *
 * <p>Thread-safe, without a lock.
 */
final class Allowance {
    /** A burst that may be refused before anything is held back here. */
    static final int MOST = 200;

    static final int PER_ANSWER = 2;

    /** So long a refusal is remembered. */
    static final Duration EASED_AFTER = Duration.ofSeconds(1);

    /** When nothing is left, one is sent in so much time, to see whether it is better. */
    static final Duration PROBE_EVERY = Duration.ofMillis(100);

    private final LongSupplier nanoTime;
    private final AtomicInteger left = new AtomicInteger(MOST);
    private final AtomicLong lastRefusal;
    private final AtomicLong nextProbe;

    Allowance(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        long now = nanoTime.getAsLong();
        this.lastRefusal = new AtomicLong(now - EASED_AFTER.toNanos());
        this.nextProbe = new AtomicLong(now);
    }

    /** Whether a request may be sent. */
    enum Pass {
        /** Yes, and it took one. */
        TAKEN,
        /** Yes, and it took none. */
        FREE,
        /** No. */
        NONE
    }

    Pass take() {
        if (left.getAndUpdate(now -> Math.max(0, now - 1)) > 0) {
            return Pass.TAKEN;
        }
        long now = nanoTime.getAsLong();
        if (now - lastRefusal.get() >= EASED_AFTER.toNanos()) {
            return Pass.FREE;
        }
        long due = nextProbe.get();
        boolean probe = now - due >= 0 && nextProbe.compareAndSet(due, now + PROBE_EVERY.toNanos());
        return probe ? Pass.FREE : Pass.NONE;
    }

    /** The service answered, and not that it has no room. */
    void answered() {
        give(PER_ANSWER);
    }

    /** The service refused for want of room. */
    void refused() {
        lastRefusal.set(nanoTime.getAsLong());
    }

    /** There was no answer, which says nothing about room: whatever was taken is given back. */
    void unanswered(Pass pass) {
        if (pass == Pass.TAKEN) {
            give(1);
        }
    }

    int left() {
        return left.get();
    }

    private void give(int more) {
        left.updateAndGet(now -> Math.min(MOST, now + more));
    }
}
