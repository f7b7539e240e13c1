package dev.firebreak.stack;

import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.process.RunFile;
import dev.firebreak.stack.process.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Held while a stack of one folder starts or stops. The kernel frees it when its holder ends, however that happens. */
final class StackLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    private final FileChannel channel;

    private StackLock(FileChannel channel) {
        this.channel = channel;
    }

    static StackLock take(StackFolder folder, Duration deadline) {
        try {
            Files.createDirectories(folder.run());
            FileChannel channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!Wait.until(deadline, POLL, () -> tryLock(channel) != null)) {
                channel.close();
                String who = RunFile.read(folder.launcher())
                        .filter(launcher -> launcher.identity().isAlive())
                        .map(launcher -> " (pid " + launcher.identity().pid() + ")")
                        .orElse("");
                throw new StackException(
                        "another ./firebreak is starting or stopping the stack in " + folder.root() + who,
                        "wait until it is done, or stop it: ./firebreak down");
            }
            return new StackLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + folder.lock(), e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException heldByThisJvm) {
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unlock", e);
        }
    }
}
