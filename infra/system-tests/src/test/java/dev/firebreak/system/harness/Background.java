package dev.firebreak.system.harness;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that goes on while the test does something; what it writes can be read meanwhile. Killed when closed. */
public final class Background implements AutoCloseable {
    private final Process process;
    private final Path output;

    private Background(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Background start(Path folder, Map<String, String> environment, List<String> command) {
        try {
            Path output = Files.createTempFile("firebreak-background", ".out");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            return new Background(builder.start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that it has written so far. */
    public String output() {
        try {
            return Files.readString(output, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for a line that begins so, and answers it. */
    public String awaitLine(String begin, Duration deadline) {
        return Await.until(
                        "a line that begins with " + begin,
                        deadline,
                        () -> output().lines()
                                .filter(line -> line.startsWith(begin))
                                .toList(),
                        lines -> !lines.isEmpty() || !process.isAlive())
                .stream()
                .findFirst()
                .orElseThrow(() -> new AssertionError("it ended and wrote\n" + output()));
    }

    /** Ctrl-C: SIGINT to the whole process group of which it is the first. */
    public void interrupt() {
        Command.run(
                        Path.of("/"),
                        Duration.ofSeconds(5),
                        Map.of(),
                        List.of("/bin/sh", "-c", "kill -INT -\"$1\"", "sh", Long.toString(process.pid())))
                .expectSuccess();
    }

    /** Exit status. */
    public int awaitEnd(Duration deadline) {
        try {
            if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it did not end within " + deadline + "\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            Files.deleteIfExists(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
