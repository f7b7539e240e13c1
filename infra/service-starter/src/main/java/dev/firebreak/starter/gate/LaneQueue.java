package dev.firebreak.starter.gate;

import java.util.ArrayDeque;
import java.util.Deque;

/** Those who wait in one lane, oldest first: served in turn, or newest first once the queue stands. */
final class LaneQueue {
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long nonEmptySince;

    void add(Waiter waiter, long nowNanos) {
        if (waiters.isEmpty()) {
            nonEmptySince = nowNanos;
        }
        waiters.addLast(waiter);
    }

    /** Takes whoever is served next. */
    Waiter takeNext(long nowNanos) {
        return GatePolicy.isStanding(nonEmptySince, nowNanos) ? waiters.removeLast() : waiters.removeFirst();
    }

    /** Takes whoever would be served last. */
    Waiter takeLast(long nowNanos) {
        return GatePolicy.isStanding(nonEmptySince, nowNanos) ? waiters.removeFirst() : waiters.removeLast();
    }

    boolean remove(Waiter waiter) {
        return waiters.remove(waiter);
    }
}
