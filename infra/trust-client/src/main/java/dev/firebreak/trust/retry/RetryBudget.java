package dev.firebreak.trust.retry;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many retries a client may add to its calls: a token bucket that each call fills by a tenth of a retry. However many
 * calls fail, the server gets at most 10 % more of them and the reserve once; without it, two retries each would treble
 * the load of a server that sheds because it has too much (Google SRE Book, chapter 21). Thread-safe, without locks.
 */
public final class RetryBudget {
    /** 10 %: what a server at its limit still bears, and enough for the faults of an ordinary day. */
    static final int CALLS_PER_RETRY = 10;

    /** Lets a client that has just started, or calls rarely, retry at all; bounds the burst after a quiet time. */
    static final int RESERVE = 5;

    private static final int FULL = RESERVE * CALLS_PER_RETRY;

    /** In tenths of a retry, so that nothing is lost to rounding; 0 to {@link #FULL}. */
    private final AtomicInteger tenths = new AtomicInteger(FULL);

    /** One call was made, its retries not counted. */
    public void earn() {
        tenths.getAndUpdate(held -> Math.min(FULL, held + 1));
    }

    /** Takes one retry; false if none is left, and then nothing is taken. */
    public boolean tryTake() {
        int held = tenths.getAndUpdate(now -> now >= CALLS_PER_RETRY ? now - CALLS_PER_RETRY : now);
        return held >= CALLS_PER_RETRY;
    }
}
