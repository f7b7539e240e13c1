package dev.firebreak.stack.process;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The process behind one part, whoever started it: this launcher, an earlier one that has gone, or one that crashed
 * before it could write down whom it had started. Safe for use by several threads as long as each part is moved by one
 * at a time.
 */
public final class PartProcess {
    private static final Duration POLL = Duration.ofMillis(25);

    /** After SIGKILL a process goes as soon as the kernel has freed it; longer means a stuck disk. */
    private static final Duration KILL_DEADLINE = Duration.ofSeconds(10);

    private final Part part;
    private final StackFolder folder;
    private final int port;
    private final ProcessMark mark;
    private final Signal stopSignal;
    private final PartLog log;

    private volatile Optional<Process> child = Optional.empty();
    private volatile long logBegin;

    /**
     * @param mark what only this part's process has
     * @param stopSignal what asks it to end
     */
    public PartProcess(Part part, StackFolder folder, int port, ProcessMark mark, Signal stopSignal) {
        this.part = part;
        this.folder = folder;
        this.port = port;
        this.mark = mark;
        this.stopSignal = stopSignal;
        this.log = new PartLog(folder.log(part));
    }

    /** The running process; empty when this part is stopped. */
    public Optional<ProcessIdentity> find() {
        Optional<ProcessIdentity> known =
                RunFile.read(folder.run(part)).map(RunFile::identity).filter(ProcessIdentity::isAlive);
        return known.isPresent() ? known : mark.find();
    }

    /** The port it was started on, which a later command may not know; empty when it never was. */
    public Optional<Integer> recordedPort() {
        return RunFile.read(folder.run(part)).map(RunFile::port);
    }

    /** Starts it in a session of its own, so that neither Ctrl-C nor the end of this launcher reaches it. */
    public void start(List<String> command, Map<String, String> extraEnvironment) {
        find().ifPresent(running -> {
            throw new StackException(
                    part.id() + " already runs as pid " + running.pid(), "stop it first: ./firebreak down");
        });
        logBegin = log.open();
        List<String> detached = new ArrayList<>();
        Programs.find("setsid").map(Path::toString).ifPresent(detached::add);
        detached.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(detached)
                .directory(folder.root().toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.file().toFile()));
        CleanEnvironment.apply(builder);
        builder.environment().putAll(extraEnvironment);
        try {
            Process process = builder.start();
            child = Optional.of(process);
            // Gone already? Then the exit is found when somebody waits for it to be ready.
            ProcessIdentity.find(process.pid())
                    .ifPresent(identity -> new RunFile(identity, port).write(folder.run(part)));
        } catch (IOException e) {
            throw new StackException(
                    "cannot start " + part.id() + ": " + e.getMessage(),
                    "see that " + command.getFirst() + " exists",
                    e);
        }
    }

    /** Asks it to end and waits; after {@code grace} it is killed. Nothing happens when it does not run. */
    public void stop(Duration grace) {
        find().ifPresent(identity -> {
            List<ProcessIdentity> tree = Processes.tree(identity);
            // A suspended process hears SIGTERM only after SIGCONT.
            Signal.CONT.send(tree);
            stopSignal.send(List.of(identity));
            if (!awaitGone(List.of(identity), grace)) {
                killTree(identity);
            } else if (!awaitGone(tree, KILL_DEADLINE)) {
                Signal.KILL.send(tree);
            }
        });
        forget();
    }

    /** SIGKILL to it and all it started; returns when they are gone. */
    public void kill() {
        find().ifPresent(this::killTree);
        forget();
    }

    /** Hangs it and all it started; returns when they hang. The parent first, so that it starts nobody new meanwhile. */
    public void suspend() {
        ProcessIdentity identity = require();
        Signal.STOP.send(List.of(identity));
        awaitSuspended(List.of(identity));
        List<ProcessIdentity> tree = Processes.tree(identity);
        Signal.STOP.send(tree);
        awaitSuspended(tree);
    }

    public void resume() {
        Signal.CONT.send(Processes.tree(require()));
    }

    /** Fails, with what the log says, when the process that was started has ended. */
    public void requireAlive() {
        if (find().isEmpty()) {
            String how = child.filter(process -> !process.isAlive())
                    .map(process -> " with exit status " + process.exitValue())
                    .orElse("");
            throw failure(part.id() + " ended" + how + " while it started");
        }
    }

    /** A failure of this part, with the telling lines since its last start. */
    public StackException failure(String problem) {
        return new StackException(problem, "mend what the log says, then: ./firebreak up", excerpt(), log.file(), null);
    }

    /** The telling lines since its last start by this object. */
    public List<String> excerpt() {
        return log.excerpt(logBegin, 10);
    }

    private ProcessIdentity require() {
        return find().orElseThrow(
                        () -> new StackException(part.id() + " does not run", "start it first: ./firebreak up"));
    }

    private void killTree(ProcessIdentity identity) {
        List<ProcessIdentity> tree = Processes.tree(identity);
        Signal.KILL.send(tree);
        if (!awaitGone(tree, KILL_DEADLINE)) {
            throw new StackException(
                    part.id() + " (pid " + identity.pid() + ") is still there " + KILL_DEADLINE.toSeconds()
                            + " s after SIGKILL",
                    "it hangs in the kernel, most often on a disk: look at dmesg");
        }
    }

    private static boolean awaitGone(List<ProcessIdentity> processes, Duration deadline) {
        return Wait.until(deadline, POLL, () -> processes.stream().noneMatch(ProcessIdentity::isAlive));
    }

    /** A signal is delivered when its process is next scheduled, not when it is sent. */
    private void awaitSuspended(List<ProcessIdentity> processes) {
        if (!Wait.until(KILL_DEADLINE, POLL, () -> processes.stream().allMatch(p -> p.isSuspended() || !p.isAlive()))) {
            throw new IllegalStateException(part.id() + " does not stop at SIGSTOP");
        }
    }

    private void forget() {
        try {
            Files.deleteIfExists(folder.run(part));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder.run(part), e);
        }
    }
}
