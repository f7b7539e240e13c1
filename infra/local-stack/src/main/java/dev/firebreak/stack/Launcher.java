package dev.firebreak.stack;

import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.process.ProcessIdentity;
import dev.firebreak.stack.process.RunFile;
import dev.firebreak.stack.process.Signal;
import dev.firebreak.stack.process.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JVM that starts a stack, and while it is attached takes the stack with it when it ends. */
final class Launcher {
    private static final Duration POLL = Duration.ofMillis(50);

    private final StackFolder folder;
    private @Nullable Thread hook;

    Launcher(StackFolder folder) {
        this.folder = folder;
    }

    /** Writes down who we are, so that {@code down} finds us, and stops the stack when we end. */
    synchronized void attach(Runnable stop) {
        ProcessIdentity.find(ProcessHandle.current().pid())
                .ifPresent(self -> new RunFile(self, 0).write(folder.launcher()));
        hook = new Thread(
                () -> {
                    stop.run();
                    forget();
                },
                "stop-stack");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** From now on the stack outlives us; false when we are already ending and take it with us. */
    synchronized boolean detach() {
        if (hook == null) {
            return true;
        }
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyEnding) {
            return false;
        }
        hook = null;
        forget();
        return true;
    }

    /** Asks another launcher of this folder to end, which stops its parts; a deaf one is killed. */
    void stopOther(Duration deadline) {
        Optional<ProcessIdentity> other = RunFile.read(folder.launcher())
                .map(RunFile::identity)
                .filter(identity -> identity.pid() != ProcessHandle.current().pid() && identity.isAlive());
        other.ifPresent(identity -> {
            Signal.CONT.send(List.of(identity));
            Signal.TERM.send(List.of(identity));
            if (!Wait.until(deadline, POLL, () -> !identity.isAlive())) {
                Signal.KILL.send(List.of(identity));
                Wait.until(Duration.ofSeconds(5), POLL, () -> !identity.isAlive());
            }
        });
    }

    /** Only what names us: another launcher may have written itself down meanwhile. */
    private void forget() {
        boolean another = RunFile.read(folder.launcher())
                .filter(file -> file.identity().pid() != ProcessHandle.current().pid())
                .isPresent();
        if (another) {
            return;
        }
        try {
            Files.deleteIfExists(folder.launcher());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder.launcher(), e);
        }
    }
}
