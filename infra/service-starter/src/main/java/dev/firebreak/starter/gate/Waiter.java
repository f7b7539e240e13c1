package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One parked thread. Its outcome is set once, under the gate's lock. */
final class Waiter {
    final Lane lane;
    final Work work;
    final Thread thread = Thread.currentThread();
    final long untilNanos;
    private volatile @Nullable Admission outcome;

    Waiter(Lane lane, Work work, long untilNanos) {
        this.lane = lane;
        this.work = work;
        this.untilNanos = untilNanos;
    }

    @Nullable
    Admission outcome() {
        return outcome;
    }

    boolean isLate(long nowNanos) {
        return untilNanos - nowNanos <= 0;
    }

    void end(Admission how) {
        outcome = how;
        LockSupport.unpark(thread);
    }

    /** Parks until there is an outcome, the time is over or the thread is interrupted; the flag is not cleared. */
    void park() {
        while (outcome == null && !thread.isInterrupted()) {
            long left = untilNanos - System.nanoTime();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(this, left);
        }
    }
}
