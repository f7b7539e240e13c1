package dev.firebreak.drill.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a run took place on: no figure means anything without it. */
public record Machine(int cores, String processor, long memoryMib, String java) {
    public static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(),
                field(Path.of("/proc/cpuinfo"), "model name"),
                Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal").replace(" kB", "")) / 1024,
                System.getProperty("java.version"));
    }

    /** In words, for a report. */
    public String text() {
        return cores + " cores (" + processor + "), " + memoryMib / 1024 + " GiB of memory, Java " + java;
    }

    private static String field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("0");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
