package dev.firebreak.stack.postgres;

import dev.firebreak.stack.layout.FileTree;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.process.PartStep;
import dev.firebreak.stack.process.ProcessMark;
import dev.firebreak.stack.process.Processes;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A cluster's data directory before the server runs: made whole or not at all, and freed of a crash's lock file. */
record DataDirectory(Path path, PostgresBinaries binaries) {
    private static final Duration INITDB_DEADLINE = Duration.ofSeconds(60);

    /** The program at work on this directory. */
    static PartStep initdb(Path path) {
        return new PartStep(new ProcessMark("initdb", target(path)));
    }

    boolean exists() {
        return Files.isDirectory(path);
    }

    /** One server cannot read another major version's files. */
    void requireVersion() {
        Path file = path.resolve("PG_VERSION");
        try {
            String version = Files.readString(file).strip();
            if (!version.equals(PostgresBinaries.MAJOR)) {
                throw new StackException(
                        path + " was made by PostgreSQL " + version + ", this is " + PostgresBinaries.MAJOR,
                        "dump it with version " + version + " if you need it, then start over: ./firebreak up --fresh");
            }
        } catch (IOException e) {
            throw new StackException(
                    path + " is no PostgreSQL data directory: " + e.getMessage(),
                    "move it away, or start over: ./firebreak up --fresh",
                    e);
        }
    }

    /** scram-sha-256 for every role and every way in, before the server has run for the first time. */
    void initialise(String superuser, Path passwordFile) {
        Path unfinished = unfinished(path);
        FileTree.delete(unfinished);
        List<String> command = new ArrayList<>(UserNamespace.prefix());
        command.addAll(List.of(
                binaries.program("initdb"),
                target(path),
                "--username=" + superuser,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--data-checksums",
                "--encoding=UTF8",
                // The server's own locale: the same order of text on every machine.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--locale=C"));
        run(command);
        try {
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot move " + unfinished + " to " + path, e);
        }
    }

    /**
     * PostgreSQL itself ignores a lock file whose process has gone, but takes any process that got the same pid for a
     * server. Only a server of this very directory counts.
     */
    void dropStaleLock() {
        Path lock = path.resolve("postmaster.pid");
        if (!Files.exists(lock)) {
            return;
        }
        try {
            String pid = Files.readString(lock).lines().findFirst().orElse("").strip();
            boolean ours = pid.matches("\\d{1,10}")
                    && Processes.commandLine(Long.parseLong(pid)).contains(path.toString());
            if (!ours) {
                Files.deleteIfExists(lock);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + lock, e);
        }
    }

    private void run(List<String> command) {
        Path output = path.resolveSibling(path.getFileName() + ".initdb.log");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().put("LC_ALL", "C");
            // Told to stop meanwhile? What it made so far is thrown away by the next start.
            int status = initdb(path)
                    .run(builder, INITDB_DEADLINE)
                    .orElseThrow(() -> new StackException(
                            "initdb did not finish within " + INITDB_DEADLINE.toSeconds() + " s", "see " + output));
            if (status != 0) {
                List<String> lines = Files.readAllLines(output);
                throw new StackException(
                        "initdb could not make " + path,
                        "mend what it says, then: ./firebreak up",
                        lines.subList(Math.max(0, lines.size() - 10), lines.size()),
                        output,
                        null);
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run initdb", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while initdb ran", e);
        }
    }

    private static Path unfinished(Path path) {
        return path.resolveSibling(path.getFileName() + ".unfinished");
    }

    private static String target(Path path) {
        return "--pgdata=" + unfinished(path);
    }
}
