package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The decisions alone, each of which is made under the gate's lock. Ten connections, of which the lanes are guaranteed
 * 3, 4, 2, 1 and 0, and twenty places: 6, 8, 3, 2 and 1.
 */
@State(Scope.Thread)
public class GatePolicyBenchmark {
    private final GatePolicy policy = new GatePolicy(PoolGateBenchmark.SIZE, PoolGateBenchmark.MAX_WAITERS);

    private final int[] nobody = {0, 0, 0, 0, 0};
    private final int[] everyConnection = {3, 4, 2, 1, 0};
    private final int[] everyPlace = {6, 8, 3, 2, 1};
    private final int[] lentPlaces = {0, 0, 0, 0, 20};
    private int manyWaiters = PoolGateBenchmark.MAX_WAITERS;

    /** A connection comes back, and nobody waits. */
    @Benchmark
    public @Nullable Object nextAtAnIdleGate() {
        return policy.next(nobody, nobody);
    }

    /** A connection comes back to a full queue whose lanes all have their share: the longest way through. */
    @Benchmark
    public @Nullable Object nextAtASaturatedGate() {
        return policy.next(everyConnection, everyPlace);
    }

    @Benchmark
    public Object placeInAnEmptyQueue() {
        return policy.place(Lane.USER, false, nobody);
    }

    @Benchmark
    public Object placeInAFullQueue() {
        return policy.place(Lane.USER, false, everyPlace);
    }

    /** The queue is full, and the place that the newcomer is owed is lent to another lane. */
    @Benchmark
    public Object placeTakenBack() {
        return policy.place(Lane.USER, false, lentPlaces);
    }

    @Benchmark
    public boolean isNewestFirst() {
        return policy.isNewestFirst(Lane.USER, true, manyWaiters);
    }
}
