package dev.firebreak.drill.load;

import java.time.Duration;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * What became of each request of a schedule, in its order. Written by the generator's threads, each its own place; read
 * when they have ended.
 */
public final class Shots {
    /** Behind its schedule by more than this a request is late: two thirds of the database time of a call in the drills. */
    static final Duration LATE = Duration.ofMillis(10);

    private static final long LONGEST_MICROS = Duration.ofMinutes(5).toNanos() / 1_000;

    private final Schedule schedule;
    private final int from;
    private final int to;
    private final long[] behind;
    private final long[] latency;
    private final byte[] outcome;

    Shots(Schedule schedule) {
        this(
                schedule,
                0,
                schedule.count(),
                new long[schedule.count()],
                new long[schedule.count()],
                new byte[schedule.count()]);
    }

    private Shots(Schedule schedule, int from, int to, long[] behind, long[] latency, byte[] outcome) {
        this.schedule = schedule;
        this.from = from;
        this.to = to;
        this.behind = behind;
        this.latency = latency;
        this.outcome = outcome;
    }

    void record(int index, long behindNanos, long latencyNanos, Outcome result) {
        behind[index] = behindNanos;
        latency[index] = latencyNanos;
        outcome[index] = (byte) result.ordinal();
    }

    /** Those that were scheduled in this part of the run. */
    public Shots between(Duration start, Duration end) {
        return new Shots(schedule, firstAt(start.toNanos()), firstAt(end.toNanos()), behind, latency, outcome);
    }

    public int count() {
        return to - from;
    }

    public int count(Outcome wanted) {
        return count(wanted::equals);
    }

    public int count(Predicate<Outcome> wanted) {
        int found = 0;
        for (int i = from; i < to; i++) {
            if (wanted.test(Outcome.of(outcome[i]))) {
                found++;
            }
        }
        return found;
    }

    /** Good answers that arrived in this part of the run, whenever they were asked for. */
    public int goodArrivals(Duration start, Duration end) {
        int found = 0;
        for (int i = from; i < to; i++) {
            long arrived = schedule.at(i) + latency[i];
            if (Outcome.of(outcome[i]) == Outcome.GOOD && arrived >= start.toNanos() && arrived < end.toNanos()) {
                found++;
            }
        }
        return found;
    }

    /** Time from the scheduled moment to the answer's last byte, in microseconds, of those with such an outcome. */
    public Histogram latency(Predicate<Outcome> wanted) {
        Histogram micros = new Histogram(LONGEST_MICROS, 3);
        for (int i = from; i < to; i++) {
            if (wanted.test(Outcome.of(outcome[i]))) {
                micros.recordValue(Math.clamp(latency[i] / 1_000, 0, LONGEST_MICROS));
            }
        }
        return micros;
    }

    /** The same as one figure, in milliseconds; 0 when there is none. */
    public double latencyMs(Predicate<Outcome> wanted, double percentile) {
        Histogram micros = latency(wanted);
        return micros.getTotalCount() == 0 ? 0 : micros.getValueAtPercentile(percentile) / 1e3;
    }

    /** Share of requests that the generator itself sent too late. */
    public double lateShare() {
        int late = 0;
        for (int i = from; i < to; i++) {
            if (behind[i] > LATE.toNanos() || Outcome.of(outcome[i]) == Outcome.NOT_SENT) {
                late++;
            }
        }
        return count() == 0 ? 0 : (double) late / count();
    }

    private int firstAt(long nanos) {
        int i = from;
        while (i < to && schedule.at(i) < nanos) {
            i++;
        }
        return i;
    }
}
