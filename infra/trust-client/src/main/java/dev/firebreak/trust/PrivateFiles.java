package dev.firebreak.trust;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files that only this process' user may see. POSIX file systems only, as everything we run on has one. */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");

    private static final Set<PosixFilePermission> OTHERS = PosixFilePermissions.fromString("------rwx");

    private PrivateFiles() {}

    /**
     * Refuses a secret's file that everybody on this machine may use. Its group may: that is how a cluster hands a secret
     * to a process that is not root.
     */
    public static void requireHidden(Path file) throws IOException {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new IllegalStateException(
                    "%s is open to everybody on this machine; replace the secret and run: chmod 600 %s"
                            .formatted(file, file));
        }
    }

    /**
     * Replaces the file as a whole: readers see the old content or the new, also after a crash. One writer a file. The
     * content is on the disk when this returns.
     */
    static void write(Path file, byte[] content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".draft");
        // A draft that a crash left behind may have other permissions; a new file has ours from its first byte on.
        Files.deleteIfExists(draft);
        try (FileChannel channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FILE))) {
            ByteBuffer left = ByteBuffer.wrap(content);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes the folder if it is missing, and sees to it that nobody else can put a file there. */
    static void prepareFolder(Path folder) throws IOException {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        if (isOpen(folder)) {
            Files.setPosixFilePermissions(folder, FOLDER);
        }
        if (isOpen(folder)) {
            throw new FileSystemException(folder.toString(), null, "others may write to this folder");
        }
    }

    private static boolean isOpen(Path folder) throws IOException {
        Set<PosixFilePermission> others = EnumSet.copyOf(Set.of(PosixFilePermission.values()));
        others.removeAll(FOLDER);
        others.retainAll(Files.getPosixFilePermissions(folder));
        return !others.isEmpty();
    }
}
