package dev.firebreak.drill.load;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A fixed number of clients, each sending its next request when the last is answered: the way to find out how much a
 * system can do at most, and to warm it up. It says nothing about latency.
 */
public final class ClosedLoop {
    private static final double SETTLING_SHARE = 0.25;

    private ClosedLoop() {}

    /** Good answers a second, after a quarter of the time in which things settle. */
    public static double peak(int clients, Duration length, Generator.Target target) {
        long start = System.nanoTime();
        long from = start + (long) (length.toNanos() * SETTLING_SHARE);
        long end = start + length.toNanos();
        LongAdder good = new LongAdder();
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < clients; client++) {
                threads.execute(() -> {
                    while (System.nanoTime() - end < 0) {
                        if (fire(target, next.getAndIncrement()) && counts(from, end)) {
                            good.increment();
                        }
                    }
                });
            }
        }
        return good.sum() * 1e9 / (end - from);
    }

    private static boolean counts(long from, long end) {
        long now = System.nanoTime();
        return now - from > 0 && now - end <= 0;
    }

    private static boolean fire(Generator.Target target, int index) {
        try {
            return target.fire(index) == Outcome.GOOD;
        } catch (IOException e) {
            return false;
        }
    }
}
