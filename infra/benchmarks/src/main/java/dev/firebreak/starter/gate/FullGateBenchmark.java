package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What it costs to turn somebody away: no connection is free, twenty threads wait in a queue that stands, and one more
 * comes. A semaphore knows no full queue; the nearest that it has is to ask without waiting.
 */
@State(Scope.Thread)
public class FullGateBenchmark {
    private static final long AN_HOUR = TimeUnit.HOURS.toNanos(1);

    private final PoolGate gate = new PoolGate("tasks", PoolGateBenchmark.SIZE, PoolGateBenchmark.MAX_WAITERS);
    private final Semaphore semaphore = new Semaphore(0);

    @Setup
    public void fill() throws InterruptedException {
        for (int i = 0; i < PoolGateBenchmark.SIZE; i++) {
            gate.acquire(Lane.USER, PoolGateBenchmark.WORK, 0);
        }
        for (int i = 0; i < PoolGateBenchmark.MAX_WAITERS; i++) {
            Thread.startVirtualThread(() -> gate.acquire(Lane.USER, PoolGateBenchmark.WORK, AN_HOUR));
        }
        while (gate.counts().waiting() < PoolGateBenchmark.MAX_WAITERS) {
            Thread.onSpinWait();
        }
        Thread.sleep(GatePolicy.STANDING);
        if (refuse() != Refusal.FULL) {
            throw new IllegalStateException("The gate is not full");
        }
    }

    @TearDown
    public void empty() {
        gate.shut();
    }

    @Benchmark
    public Object refuse() {
        return gate.acquire(Lane.USER, PoolGateBenchmark.WORK, PoolGateBenchmark.WAIT_NANOS);
    }

    @Benchmark
    public boolean semaphore() {
        return semaphore.tryAcquire();
    }
}
