package dev.firebreak.gateway.overload;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many requests a service may still be sent: one less for each that is sent, two more for each that it did not refuse
 * for want of room. While it takes all there is always one left; when it refuses most, it is sent about twice what it
 * can do, so that it never runs dry for want of work, and the rest is refused here. That is the adaptive throttling
 * of "Site Reliability Engineering", chapter 21, without its window: it eases with the next good answer.
 *
 * <p>Thread-safe, without a lock.
 */
final class Allowance {
    /** A burst that may be refused before anything is held back here. */
    static final int MOST = 100;

    static final int PER_ANSWER = 2;

    /** When nothing is left, one is sent in so much time, to see whether it is better. */
    static final Duration PROBE_EVERY = Duration.ofMillis(100);

    private final LongSupplier nanoTime;
    private final AtomicInteger left = new AtomicInteger(MOST);
    private final AtomicLong nextProbe;

    Allowance(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.nextProbe = new AtomicLong(nanoTime.getAsLong());
    }

    /** Whether a request may be sent now. */
    boolean take() {
        if (left.getAndUpdate(now -> Math.max(0, now - 1)) > 0) {
            return true;
        }
        long now = nanoTime.getAsLong();
        long due = nextProbe.get();
        return now - due >= 0 && nextProbe.compareAndSet(due, now + PROBE_EVERY.toNanos());
    }

    /** A request that was sent had any other end than a refusal for want of room. */
    void credit() {
        left.updateAndGet(now -> Math.min(MOST, now + PER_ANSWER));
    }

    int left() {
        return left.get();
    }
}
