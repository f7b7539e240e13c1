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

/** Runs a program to its end, within a deadline, and keeps what it wrote. */
public final class Command {
    /** How it ended. {@code err} holds standard error. */
    public record Result(List<String> command, int exit, String out, String err, Duration took) {
        public Result expectSuccess() {
            if (exit != 0) {
                throw new AssertionError(this);
            }
            return this;
        }

        @Override
        public String toString() {
            return command + " ended with " + exit + " after " + Figures.text(took) + "\n" + out + "\n" + err;
        }
    }

    private Command() {}

    public static Result run(Path folder, Duration deadline, Map<String, String> environment, List<String> command) {
        long start = System.nanoTime();
        try {
            Path out = Files.createTempFile("firebreak-command", ".out");
            Path err = Files.createTempFile("firebreak-command", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectInput(new File("/dev/null"))
                        // Into files: what it starts and leaves behind must not hold a pipe of ours open.
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new AssertionError(
                            command + " did not end within " + deadline + "\n" + read(out) + read(err));
                }
                return new Result(
                        command,
                        process.exitValue(),
                        read(out),
                        read(err),
                        Duration.ofNanos(System.nanoTime() - start));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String read(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
