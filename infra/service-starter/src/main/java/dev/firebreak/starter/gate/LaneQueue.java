package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.util.ArrayDeque;
import java.util.Deque;

/** Those who wait in one lane, oldest first: served in turn, or newest first while the queue stands and is long. */
final class LaneQueue {
    private final Lane lane;
    private final GatePolicy policy;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long nonEmptySince;

    LaneQueue(Lane lane, GatePolicy policy) {
        this.lane = lane;
        this.policy = policy;
    }

    void add(Waiter waiter, long nowNanos) {
        if (waiters.isEmpty()) {
            nonEmptySince = nowNanos;
        }
        waiters.addLast(waiter);
    }

    /** Whether it has not been empty for {@link GatePolicy#STANDING}. */
    boolean isStanding(long nowNanos) {
        return !waiters.isEmpty() && GatePolicy.isStanding(nonEmptySince, nowNanos);
    }

    /** Takes whoever is served next. */
    Waiter takeNext(long nowNanos) {
        return isNewestFirst(nowNanos) ? waiters.removeLast() : waiters.removeFirst();
    }

    /** Takes whoever would be served last. */
    Waiter takeLast(long nowNanos) {
        return isNewestFirst(nowNanos) ? waiters.removeFirst() : waiters.removeLast();
    }

    boolean remove(Waiter waiter) {
        return waiters.remove(waiter);
    }

    private boolean isNewestFirst(long nowNanos) {
        return policy.isNewestFirst(lane, isStanding(nowNanos), waiters.size());
    }
}
