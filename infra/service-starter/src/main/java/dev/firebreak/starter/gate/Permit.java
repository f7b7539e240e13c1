package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right to one connection. Given back exactly once, however often and from wherever {@link #release} is called. */
public final class Permit implements Admission {
    private final PoolGate gate;
    private final Lane lane;
    private final Work work;
    private final Thread holder;
    private final long sinceNanos;
    private final boolean waited;
    private final AtomicBoolean held = new AtomicBoolean(true);
    private final AtomicBoolean reported = new AtomicBoolean();

    Permit(PoolGate gate, Lane lane, Work work, Thread holder, long sinceNanos, boolean waited) {
        this.gate = gate;
        this.lane = lane;
        this.work = work;
        this.holder = holder;
        this.sinceNanos = sinceNanos;
        this.waited = waited;
    }

    /** Gives it back; the next waiter gets it. */
    public void release() {
        if (held.compareAndSet(true, false)) {
            gate.release(this);
        }
    }

    /** True until it was given back. */
    public boolean isHeld() {
        return held.get();
    }

    /** True for the first caller only: a forgotten connection is worth one report. */
    public boolean firstReport() {
        return reported.compareAndSet(false, true);
    }

    public String pool() {
        return gate.pool();
    }

    public Lane lane() {
        return lane;
    }

    public Work work() {
        return work;
    }

    /** The thread that asked for it. */
    public Thread holder() {
        return holder;
    }

    /** False if a connection was free at once. */
    public boolean waited() {
        return waited;
    }

    public Duration heldFor() {
        return Duration.ofNanos(System.nanoTime() - sinceNanos);
    }
}
