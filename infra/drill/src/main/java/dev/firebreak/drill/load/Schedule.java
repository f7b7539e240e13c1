package dev.firebreak.drill.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * When requests are sent: nanoseconds after the start, ascending, fixed before the first one goes. The same seed gives the
 * same schedule.
 */
public final class Schedule {
    private final long[] at;
    private final long length;

    private Schedule(long[] at, long length) {
        this.at = at;
        this.length = length;
    }

    /** Nothing yet: what a schedule is built up from. */
    public static Schedule empty() {
        return new Schedule(new long[0], 0);
    }

    /** Arrivals that know nothing of each other, as those of many users. */
    public static Schedule poisson(double perSecond, Duration length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] at = new long[(int) Math.ceil(perSecond * length.toMillis() / 1e3 * 1.5) + 100];
        int count = 0;
        for (double now = gap(perSecond, random); now < length.toNanos(); now += gap(perSecond, random)) {
            if (count == at.length) {
                at = Arrays.copyOf(at, count * 2);
            }
            at[count++] = (long) now;
        }
        return new Schedule(Arrays.copyOf(at, count), length.toNanos());
    }

    /** One every so often, as a probe. */
    public static Schedule uniform(double perSecond, Duration length) {
        long[] at = new long[(int) (perSecond * length.toNanos() / 1e9)];
        for (int i = 0; i < at.length; i++) {
            at[i] = (long) (i * 1e9 / perSecond);
        }
        return new Schedule(at, length.toNanos());
    }

    /** This one and then another. */
    public Schedule then(Schedule next) {
        long[] all = Arrays.copyOf(at, at.length + next.at.length);
        for (int i = 0; i < next.at.length; i++) {
            all[at.length + i] = length + next.at[i];
        }
        return new Schedule(all, length + next.length);
    }

    public int count() {
        return at.length;
    }

    /** When a request is sent, in nanoseconds after the start. */
    public long at(int index) {
        return at[index];
    }

    public Duration length() {
        return Duration.ofNanos(length);
    }

    private static double gap(double perSecond, SplittableRandom random) {
        return -Math.log(1 - random.nextDouble()) / perSecond * 1e9;
    }
}
