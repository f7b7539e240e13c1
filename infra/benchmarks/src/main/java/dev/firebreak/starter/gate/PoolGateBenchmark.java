package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the gate adds to a request when a connection is free, beside the JDK's way to count ten permits. One thread. */
@State(Scope.Thread)
public class PoolGateBenchmark {
    static final int SIZE = 10;
    static final int MAX_WAITERS = 20;
    static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final Work WORK = new Work("GET /api/v1/tasks", "4bf92f3577b34da6a3ce929d0e0e4736");

    private final PoolGate gate = new PoolGate("tasks", SIZE, MAX_WAITERS);
    private final Semaphore semaphore = new Semaphore(SIZE);
    private final Semaphore fairSemaphore = new Semaphore(SIZE, true);

    @Benchmark
    public Object enterAndLeave() {
        Permit permit = (Permit) gate.acquire(Lane.USER, WORK, WAIT_NANOS);
        permit.release();
        return permit;
    }

    /** With a longest wait, as the gate has one; without it a fair semaphore is not fair. */
    @Benchmark
    public boolean semaphore() throws InterruptedException {
        return enterAndLeave(semaphore);
    }

    @Benchmark
    public boolean fairSemaphore() throws InterruptedException {
        return enterAndLeave(fairSemaphore);
    }

    private static boolean enterAndLeave(Semaphore semaphore) throws InterruptedException {
        boolean entered = semaphore.tryAcquire(WAIT_NANOS, TimeUnit.NANOSECONDS);
        semaphore.release();
        return entered;
    }
}
