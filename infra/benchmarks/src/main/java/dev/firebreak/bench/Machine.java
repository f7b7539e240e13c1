package dev.firebreak.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What was measured on: no figure means anything without it. */
record Machine(int cores, String processor, String java) {
    static Machine here() {
        return new Machine(
                Runtime.getRuntime().availableProcessors(), nameOfProcessor(), System.getProperty("java.version"));
    }

    String text() {
        return cores + " cores (" + processor + "), Java " + java;
    }

    private static String nameOfProcessor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
