package dev.firebreak.stack.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process that does one thing for a part and ends: initdb, the migrate step. It is found by its mark alone, so that
 * the next command also knows the one whose launcher crashed.
 */
public final class PartStep {
    private static final Duration POLL = Duration.ofMillis(25);
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    private final ProcessMark mark;

    public PartStep(ProcessMark mark) {
        this.mark = mark;
    }

    /** The running process; empty outside the step. */
    public Optional<ProcessIdentity> find() {
        return mark.find();
    }

    /**
     * Runs it to its end, also when this thread is interrupted meanwhile: then the process is killed.
     *
     * @return its exit status; empty when it took longer and was killed
     */
    public OptionalInt run(ProcessBuilder command, Duration deadline) throws IOException, InterruptedException {
        Process process = command.start();
        try {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } finally {
            end(process);
        }
    }

    /**
     * As {@link #run}, and keeps what it says, both streams as one. For steps that say a few lines: a pipe holds 64 KiB, and
     * whoever writes more waits until the deadline.
     */
    public Optional<StepOutput> capture(ProcessBuilder command, Duration deadline)
            throws IOException, InterruptedException {
        Process process = command.redirectErrorStream(true).start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)
                    ? Optional.of(
                            new StepOutput(process.exitValue(), said.lines().toList()))
                    : Optional.empty();
        } finally {
            end(process);
        }
    }

    /**
     * initdb starts processes of its own, which a kill of it alone would leave at work in a folder that the caller believes
     * to be at rest.
     */
    private static void end(Process process) {
        List<ProcessHandle> tree = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        tree.forEach(ProcessHandle::destroyForcibly);
        Wait.until(KILL_DEADLINE, POLL, () -> tree.stream().noneMatch(ProcessHandle::isAlive));
    }

    /** SIGKILL to it and all it started; returns when they are gone. What it had begun is redone by the next start. */
    public void kill() {
        find().map(Processes::tree).ifPresent(tree -> {
            Signal.KILL.send(tree);
            if (!Wait.until(KILL_DEADLINE, POLL, () -> tree.stream().noneMatch(ProcessIdentity::isAlive))) {
                throw new IllegalStateException(
                        mark.program() + " is still there " + KILL_DEADLINE.toSeconds() + " s after SIGKILL");
            }
        });
    }
}
