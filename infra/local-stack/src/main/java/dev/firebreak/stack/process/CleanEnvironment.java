package dev.firebreak.stack.process;

import java.util.List;

/**
 * What of our own environment a part may see: where programs and the home are, and nothing that Spring or the JVM would
 * read as a setting, nor anybody's secret.
 */
public final class CleanEnvironment {
    private static final List<String> KEPT = List.of("PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR");

    private CleanEnvironment() {}

    public static void apply(ProcessBuilder builder) {
        builder.environment().keySet().retainAll(KEPT);
    }
}
