package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets as many threads at a pool's connections as there are connections, and a bounded number wait. Thread-safe: one lock,
 * held for a few counts and never while anybody waits or anything is done.
 */
public final class PoolGate {
    private final String pool;
    private final GatePolicy policy;
    private final ReentrantLock lock = new ReentrantLock();

    private final int[] active = new int[Lane.IN_ORDER.size()];
    private final int[] waiting = new int[Lane.IN_ORDER.size()];
    private final List<LaneQueue> queues;
    private final Set<Permit> held = new LinkedHashSet<>();
    private int free;
    private boolean shut;

    /**
     * @param size connections of the pool
     * @param maxWaiters threads that may wait for one, all lanes together
     */
    public PoolGate(String pool, int size, int maxWaiters) {
        this.pool = pool;
        this.policy = new GatePolicy(size, maxWaiters);
        this.queues =
                Lane.IN_ORDER.stream().map(lane -> new LaneQueue(lane, policy)).toList();
        this.free = size;
    }

    /**
     * Asks for a connection; whoever gets a permit gives it back.
     *
     * @param waitNanos longest wait; 0 = now or not at all
     */
    public Admission acquire(Lane lane, Work work, long waitNanos) {
        Waiter waiter;
        lock.lock();
        try {
            if (shut) {
                return Refusal.SHUT;
            }
            long now = System.nanoTime();
            if (free > 0) {
                free--;
                return grant(new Permit(this, lane, work, Thread.currentThread(), now, false));
            }
            if (waitNanos <= 0 || !makePlace(lane, now)) {
                return Refusal.FULL;
            }
            waiter = new Waiter(lane, work, now + waitNanos);
            queues.get(lane.ordinal()).add(waiter, now);
            waiting[lane.ordinal()]++;
        } finally {
            lock.unlock();
        }
        waiter.park();
        Admission outcome = waiter.outcome();
        return outcome != null ? outcome : leave(waiter);
    }

    private boolean makePlace(Lane lane, long now) {
        boolean standing = queues.get(lane.ordinal()).isStanding(now);
        return switch (policy.place(lane, standing, waiting)) {
            case GatePolicy.Place.Free() -> true;
            case GatePolicy.Place.TakenBackFrom(Lane borrower) -> {
                waiting[borrower.ordinal()]--;
                queues.get(borrower.ordinal()).takeLast(now).end(Refusal.FULL);
                yield true;
            }
            case GatePolicy.Place.None() -> false;
        };
    }

    private Permit grant(Permit permit) {
        active[permit.lane().ordinal()]++;
        held.add(permit);
        return permit;
    }

    /** The waiter gives up; whatever it was given in this very moment is passed on, or kept if it can still be used. */
    private Admission leave(Waiter waiter) {
        boolean interrupted = waiter.thread.isInterrupted();
        Admission outcome;
        lock.lock();
        try {
            outcome = waiter.outcome();
            if (outcome == null) {
                queues.get(waiter.lane.ordinal()).remove(waiter);
                waiting[waiter.lane.ordinal()]--;
                return interrupted ? Refusal.INTERRUPTED : Refusal.TIMED_OUT;
            }
        } finally {
            lock.unlock();
        }
        if (interrupted && outcome instanceof Permit permit) {
            permit.release();
            return Refusal.INTERRUPTED;
        }
        return outcome;
    }

    void release(Permit permit) {
        lock.lock();
        try {
            held.remove(permit);
            active[permit.lane().ordinal()]--;
            long now = System.nanoTime();
            Waiter next = nextInTime(now);
            if (next == null) {
                free++;
            } else {
                next.end(grant(new Permit(this, next.lane, next.work, next.thread, now, true)));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Drops whoever is late: nobody waits for their answers any more. */
    private @Nullable Waiter nextInTime(long now) {
        for (Lane lane = policy.next(active, waiting); lane != null; lane = policy.next(active, waiting)) {
            waiting[lane.ordinal()]--;
            Waiter waiter = queues.get(lane.ordinal()).takeNext(now);
            if (!waiter.isLate(now)) {
                return waiter;
            }
            waiter.end(Refusal.TIMED_OUT);
        }
        return null;
    }

    /** Refuses everybody who waits, and whoever comes until it is opened again. */
    public void shut() {
        lock.lock();
        try {
            shut = true;
            long now = System.nanoTime();
            for (Lane lane : Lane.IN_ORDER) {
                for (; waiting[lane.ordinal()] > 0; waiting[lane.ordinal()]--) {
                    queues.get(lane.ordinal()).takeNext(now).end(Refusal.SHUT);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets threads in again. */
    public void reopen() {
        lock.lock();
        try {
            shut = false;
        } finally {
            lock.unlock();
        }
    }

    /** Permits held now and threads that wait, at one moment. */
    public GateCounts counts() {
        lock.lock();
        try {
            return new GateCounts(active.clone(), waiting.clone());
        } finally {
            lock.unlock();
        }
    }

    /** Permits that are out for longer. */
    public List<Permit> heldLongerThan(Duration limit) {
        lock.lock();
        try {
            return held.stream()
                    .filter(permit -> permit.heldFor().compareTo(limit) > 0)
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    public String pool() {
        return pool;
    }

    /** Connections that the lane is guaranteed. */
    public int share(Lane lane) {
        return policy.connections().of(lane);
    }

    /** Places in the queue that the lane is guaranteed; all lanes together have the whole queue. */
    public int places(Lane lane) {
        return policy.places().of(lane);
    }
}
