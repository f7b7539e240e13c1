package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Which waiter gets the connection that came back, in a queue that stands: in turn while the queue has no more than its own
 * places, newest first above. Each takes one out and puts it back, so that the length stays; nobody is woken.
 */
@State(Scope.Thread)
public class HandOverBenchmark {
    private static final long FAR = Long.MAX_VALUE;

    private final GatePolicy policy = new GatePolicy(PoolGateBenchmark.SIZE, PoolGateBenchmark.MAX_WAITERS);
    private final LaneQueue ownPlaces = new LaneQueue(Lane.USER, policy);
    private final LaneQueue borrowedPlaces = new LaneQueue(Lane.USER, policy);
    private long now;

    @Setup
    public void fill() {
        Waiter lastInTurn = fill(ownPlaces, policy.places().of(Lane.USER));
        Waiter newest = fill(borrowedPlaces, policy.places().total());
        now = GatePolicy.STANDING.toNanos();
        if (handOver(ownPlaces) == lastInTurn || handOver(borrowedPlaces) != newest) {
            throw new IllegalStateException("Not the orders that are to be measured");
        }
    }

    @Benchmark
    public Object inTurn() {
        return handOver(ownPlaces);
    }

    @Benchmark
    public Object newestFirst() {
        return handOver(borrowedPlaces);
    }

    private Waiter handOver(LaneQueue queue) {
        Waiter next = queue.takeNext(now);
        queue.add(next, now);
        return next;
    }

    /** Returns whoever came last. */
    private static Waiter fill(LaneQueue queue, int length) {
        Waiter last = new Waiter(Lane.USER, PoolGateBenchmark.WORK, FAR);
        for (int i = 1; i < length; i++) {
            queue.add(new Waiter(Lane.USER, PoolGateBenchmark.WORK, FAR), 0);
        }
        queue.add(last, 0);
        return last;
    }
}
