package dev.firebreak.stack;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.process.PortHolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToLongFunction;

/** What must hold before anything is started, each with the one line that says what to do. */
public final class Preflight {
    /**
     * Bytes: two write-ahead logs that grow to their soft limit (2 × 512 MiB, {@code max_wal_size}), two data directories
     * of 40 MB, PostgreSQL's programs and the unpacked jars (75 and 150 MB), five logs of up to 10 MB and an older one each.
     */
    public static final long LEAST_DISK = 1_500L * 1000 * 1000;

    private static final int JDK = 25;

    private Preflight() {}

    /** The programs we bring run on Linux on amd64, the jars on Java 25. */
    public static void requirePlatform() {
        if (Runtime.version().feature() != JDK) {
            throw new StackException(
                    "this is Java " + Runtime.version().feature() + ", Firebreak needs JDK " + JDK,
                    "set JAVA_HOME to a JDK " + JDK + ", or start it by ./firebreak, which finds one");
        }
        String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
        if (!system.equals("Linux amd64")) {
            throw new StackException(
                    "the local stack brings PostgreSQL for Linux on amd64, this is " + system,
                    "run it on such a machine, in a virtual machine for instance");
        }
    }

    /** @param usable answers how many bytes may still be written where a folder is: {@link #usableBytes} */
    static void requireDisk(Path folder, ToLongFunction<Path> usable) {
        long free = usable.applyAsLong(folder);
        if (free < LEAST_DISK) {
            throw new StackException(
                    "only " + free / 1_000_000 + " MB are free for " + folder + ", the stack needs "
                            + LEAST_DISK / 1_000_000 + " MB",
                    "free some space on that file system, then: ./firebreak up");
        }
    }

    /** Bytes this user may still write where the folder is or will be. */
    public static long usableBytes(Path folder) {
        Path existing = folder.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.resolveSibling("..").normalize();
        }
        try {
            return Files.getFileStore(existing).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask how full the disk under " + folder + " is", e);
        }
    }

    /** Everything a part listens on must be free. */
    public static void requireFree(Part part, Ports ports) {
        ports.opened(part).forEach((use, port) -> {
            if (!PortHolder.isFree(port)) {
                String holder = PortHolder.find(port)
                        .map(found -> "pid " + found.pid() + " (" + found.command() + ")")
                        .orElse("a process of another user");
                throw new StackException(
                        "port " + port + " of " + part.id() + " (" + use + ") is held by " + holder,
                        part == Part.GATEWAY
                                ? "stop that process, or choose another port: ./firebreak up --port 8180"
                                : "stop that process, then: ./firebreak up");
            }
        });
    }
}
