package dev.firebreak.observability;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Prometheus' own checker, where {@code ./firebreak test} looks for it and puts it: on the PATH or in the cache folder. */
record Promtool(Path program) {
    /** It needs tens of milliseconds. */
    private static final long DEADLINE_S = 60;

    record Result(int status, String output) {}

    static Promtool require() {
        return Stream.concat(
                        Arrays.stream(System.getenv("PATH").split(":"))
                                .filter(folder -> !folder.isEmpty())
                                .map(Path::of),
                        Stream.of(cache()))
                .map(folder -> folder.resolve("promtool"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Promtool::new)
                .orElseThrow(() -> new AssertionError("promtool is missing, on the PATH and in " + cache()
                        + ": ./firebreak test fetches it, or: sudo apt-get install prometheus"));
    }

    /** As in the front door. */
    private static Path cache() {
        return Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(folder -> folder.startsWith("/"))
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("firebreak")
                .resolve("promtool");
    }

    Result run(List<String> words, List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(words);
        files.forEach(file -> command.add(file.toString()));
        Path output = Files.createTempFile("promtool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(DEADLINE_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("no end after " + DEADLINE_S + " s: " + command);
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            Files.delete(output);
        }
    }
}
