package dev.firebreak.system.harness;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** Every answer of one kind of call in one phase: how many of each outcome, one example each, and all times. Thread-safe. */
public final class Tally {
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private final Map<String, String> examples = new TreeMap<>();
    private long[] nanos = new long[256];
    private int count;

    synchronized void add(String outcome, Object example, long tookNanos) {
        outcomes.merge(outcome, 1, Integer::sum);
        examples.putIfAbsent(outcome, example.toString());
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = tookNanos;
    }

    public synchronized int count() {
        return count;
    }

    /** Outcomes with their number: {@code {"200": 412, "503 pool.unavailable": 9}}. */
    public synchronized Map<String, Integer> outcomes() {
        return Map.copyOf(outcomes);
    }

    /** How many outcomes begin so; {@code "401"} counts every 401. */
    public synchronized int count(String prefix) {
        return outcomes.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** The time that this share of the calls did not exceed. */
    public synchronized Duration percentile(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing was measured");
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return Duration.ofNanos(sorted[(int) Math.min(count - 1L, (long) Math.ceil(share * count) - 1)]);
    }

    public Duration max() {
        return percentile(1);
    }

    /** For the report: {@code 812 calls, p50 2.1 ms, p99 9.0 ms, max 31.0 ms, {200=812}}. */
    public synchronized String summary() {
        return count == 0
                ? "no calls"
                : "%d calls, p50 %s, p99 %s, max %s, %s"
                        .formatted(
                                count,
                                Figures.text(percentile(0.5)),
                                Figures.text(percentile(0.99)),
                                Figures.text(max()),
                                outcomes);
    }

    /** Summary and one example of each outcome. */
    @Override
    public synchronized String toString() {
        return summary() + " examples " + examples;
    }
}
