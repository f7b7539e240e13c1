package dev.firebreak.stack.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FullDiskTest {
    private static final Path ROOT = Path.of("/home/alice/.firebreak");

    @Test
    void knowsWhatTheKernelSays() {
        // The kernel's own full disk (null(4)): each write to it fails with ENOSPC.
        IOException full =
                catchThrowableOfType(IOException.class, () -> Files.writeString(Path.of("/dev/full"), "a line"));

        assertThat(FullDisk.caused(full)).isTrue();
        assertThat(FullDisk.caused(new UncheckedIOException("cannot write the ports", full)))
                .isTrue();
    }

    @Test
    void takesNoOtherFailureForAFullDisk() {
        assertThat(FullDisk.caused(new FileSystemException("/x", null, "Read-only file system")))
                .isFalse();
        assertThat(FullDisk.caused(new IllegalStateException())).isFalse();
    }

    @Test
    void saysWhatToDoWhenTheStateFolderCannotBeMade() {
        StackException full =
                StackFolder.unwritable(ROOT, new FileSystemException("/x", null, "No space left on device"));
        StackException closed = StackFolder.unwritable(ROOT, new FileSystemException("/x", null, "Permission denied"));

        assertThat(full.problem()).isEqualTo("the disk is full: cannot write to " + ROOT);
        assertThat(full.advice()).contains("free some space");
        assertThat(closed.problem()).contains("cannot write to " + ROOT).contains("Permission denied");
        assertThat(closed.advice()).contains("make the folder writable");
    }
}
