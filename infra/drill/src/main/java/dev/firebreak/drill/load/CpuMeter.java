package dev.firebreak.drill.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How busy the whole machine is, from {@code /proc/stat} (proc_stat(5)). Time of niced processes counts as free, because
 * they give way to us, unless we are niced ourselves.
 */
public final class CpuMeter {
    private static final Path STAT = Path.of("/proc/stat");
    private static final int NICE = 1;
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;

    private final boolean niceIsFree;
    private long[] last;

    private CpuMeter(boolean niceIsFree) {
        this.niceIsFree = niceIsFree;
        this.last = read();
    }

    /** Begins to measure. */
    public static CpuMeter start() {
        return new CpuMeter(niceness() <= 0);
    }

    /** Begins to measure niced processes and threads too: for a load that is niced itself, as password hashes are. */
    public static CpuMeter startWithNiced() {
        return new CpuMeter(false);
    }

    /** Share of all cores' time in use since the start or the last call, 0 to 1. */
    public double utilisation() {
        long[] now = read();
        double utilisation = utilisation(last, now, niceIsFree);
        last = now;
        return utilisation;
    }

    static double utilisation(long[] before, long[] after, boolean niceIsFree) {
        long total = 0;
        long free = 0;
        for (int i = 0; i < after.length; i++) {
            long spent = after[i] - before[i];
            total += spent;
            if (i == IDLE || i == IOWAIT || niceIsFree && i == NICE) {
                free += spent;
            }
        }
        return total == 0 ? 0 : (double) (total - free) / total;
    }

    /** The first eight columns: user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user already. */
    static long[] parse(String firstLine) {
        String[] fields = firstLine.strip().split("\\s+");
        long[] ticks = new long[Math.min(8, fields.length - 1)];
        for (int i = 0; i < ticks.length; i++) {
            ticks[i] = Long.parseLong(fields[i + 1]);
        }
        return ticks;
    }

    private static long[] read() {
        try (var lines = Files.lines(STAT)) {
            return parse(lines.findFirst().orElseThrow());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STAT, e);
        }
    }

    private static int niceness() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read /proc/self/stat", e);
        }
    }
}
