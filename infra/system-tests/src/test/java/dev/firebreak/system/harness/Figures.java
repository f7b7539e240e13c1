package dev.firebreak.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What the suite measured: printed as it comes, and kept in {@code target/system-report.md}, which is rewritten after each
 * figure so that a run that breaks off still leaves what it had. Thread-safe.
 */
public final class Figures {
    private static final Path REPORT = Path.of(System.getProperty("firebreak.report", "target/system-report.md"));
    private static final Map<String, Map<String, String>> GROUPS = new LinkedHashMap<>();

    /** One seed for the run: given by {@code -Dfirebreak.seed}, else drawn, printed either way. */
    private static final long SEED = Long.getLong("firebreak.seed", System.nanoTime() & 0xffff_ffffL);

    private Figures() {}

    /** Records one figure; the same name in the same group replaces it. */
    public static synchronized void record(String group, String name, String value) {
        GROUPS.computeIfAbsent(group, any -> new LinkedHashMap<>()).put(name, value);
        System.out.printf("[figure] %s · %s: %s%n", group, name, value);
        write();
    }

    public static void record(String group, String name, Duration value) {
        record(group, name, text(value));
    }

    /** Randomness of one test: its own stream of the run's seed, the same whichever tests run beside it. */
    public static RandomGenerator random(String test) {
        record("Run", "seed (repeat with -Dfirebreak.seed=…)", Long.toString(SEED));
        return new SplittableRandom(SEED ^ test.hashCode() * 0x9E37_79B9_7F4A_7C15L);
    }

    /** Milliseconds below ten seconds, seconds above. */
    public static String text(Duration value) {
        return value.toSeconds() < 10
                ? String.format(Locale.ROOT, "%.1f ms", value.toNanos() / 1e6)
                : String.format(Locale.ROOT, "%.1f s", value.toMillis() / 1e3);
    }

    private static void write() {
        StringBuilder text = new StringBuilder("# System tests: what was measured\n");
        GROUPS.forEach((group, figures) -> {
            text.append("\n## ").append(group).append("\n\n| figure | value |\n| --- | --- |\n");
            figures.forEach((name, value) ->
                    text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
        });
        try {
            Files.createDirectories(REPORT.toAbsolutePath().getParent());
            Files.writeString(REPORT, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
