package dev.firebreak.starter.pool;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** What a pool did in the last ten seconds, by whole seconds. Thread-safe; a few additions under a lock of its own. */
final class RecentFigures {
    static final int SECONDS = 10;
    /** Four steps for each doubling of microseconds: a percentile is exact to a quarter, up to a minute. */
    private static final int BUCKETS = 4 * 26;

    private final LongSupplier nanoTime;
    private final Second[] ring = new Second[SECONDS];

    private static final class Second {
        long number = Long.MIN_VALUE;
        int acquires;
        int empty;
        long waitNanos;
        int refused;
        int created;
        final int[] waits = new int[BUCKETS];
    }

    /**
     * Sums of the window.
     *
     * @param refused for want of a free connection
     */
    record Sums(int acquires, int empty, double meanWaitMillis, double p99WaitMillis, int refused, int created) {
        /** Part of the acquires that found no free connection, 0 to 1. */
        double emptyShare() {
            return acquires == 0 ? 0 : (double) empty / acquires;
        }
    }

    /** Counts by the system's own clock, or by a test's. */
    RecentFigures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        Arrays.setAll(ring, i -> new Second());
    }

    synchronized void acquired(boolean foundEmpty, long waitNanos) {
        Second now = now();
        now.acquires++;
        now.empty += foundEmpty ? 1 : 0;
        now.waitNanos += waitNanos;
        now.waits[bucket(waitNanos)]++;
    }

    synchronized void refused() {
        now().refused++;
    }

    synchronized void created() {
        now().created++;
    }

    /** Refusals within the last whole seconds. */
    synchronized int refusedWithin(Duration window) {
        long current = second();
        return Arrays.stream(ring)
                .filter(it -> current - it.number < window.toSeconds() && it.number <= current)
                .mapToInt(it -> it.refused)
                .sum();
    }

    synchronized Sums sums() {
        long current = second();
        Second sum = new Second();
        for (Second each : ring) {
            if (each.number != Long.MIN_VALUE && current - each.number < SECONDS) {
                sum.acquires += each.acquires;
                sum.empty += each.empty;
                sum.waitNanos += each.waitNanos;
                sum.refused += each.refused;
                sum.created += each.created;
                Arrays.setAll(sum.waits, i -> sum.waits[i] + each.waits[i]);
            }
        }
        double mean = sum.acquires == 0 ? 0 : sum.waitNanos / 1e6 / sum.acquires;
        return new Sums(sum.acquires, sum.empty, mean, percentile99(sum), sum.refused, sum.created);
    }

    private static double percentile99(Second sum) {
        int beyond = sum.acquires - (sum.acquires * 99 + 99) / 100;
        for (int bucket = BUCKETS - 1; bucket > 0; bucket--) {
            beyond -= sum.waits[bucket];
            if (sum.waits[bucket] > 0 && beyond < 0) {
                return upperMicros(bucket) / 1000.0;
            }
        }
        return 0;
    }

    private Second now() {
        long current = second();
        Second slot = ring[(int) Math.floorMod(current, (long) SECONDS)];
        if (slot.number != current) {
            slot.number = current;
            slot.acquires = 0;
            slot.empty = 0;
            slot.waitNanos = 0;
            slot.refused = 0;
            slot.created = 0;
            Arrays.fill(slot.waits, 0);
        }
        return slot;
    }

    private long second() {
        return Math.floorDiv(nanoTime.getAsLong(), 1_000_000_000L);
    }

    /** Bucket 0 holds what took less than 4 µs, which is no wait. */
    private static int bucket(long nanos) {
        long micros = nanos / 1000;
        if (micros < 4) {
            return 0;
        }
        int doubling = 63 - Long.numberOfLeadingZeros(micros);
        int step = (int) (micros >> (doubling - 2)) & 3;
        return Math.min(BUCKETS - 1, 4 * (doubling - 2) + step + 1);
    }

    private static long upperMicros(int bucket) {
        int doubling = (bucket - 1) / 4 + 2;
        int step = (bucket - 1) % 4;
        return (long) (4 + step + 1) << (doubling - 2);
    }
}
