package dev.firebreak.system.clock;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * How far every process of a stack is ahead of the real clock: eight bytes in a file that all of them map, so that one
 * write moves all of them at once. Seconds, never going back. Thread-safe.
 */
public final class ShiftedClock {
    private static final VarHandle LONG = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    /** Null until the agent has opened the file: the few readings before that are not moved. */
    private static volatile ByteBuffer offset;

    private ShiftedClock() {}

    /** Maps the file, which is made when it is missing. */
    public static ByteBuffer map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
        }
    }

    /** Offset in seconds that a mapped file holds. */
    public static long read(ByteBuffer mapped) {
        return (long) LONG.getVolatile(mapped, 0);
    }

    /** Moves every process that maps the file. */
    public static void write(ByteBuffer mapped, long seconds) {
        LONG.setVolatile(mapped, 0, seconds);
    }

    static void follow(ByteBuffer mapped) {
        offset = mapped;
    }

    /** Called by the rewritten {@code Clock.currentInstant}. */
    public static Instant instant(Instant real) {
        ByteBuffer mapped = offset;
        return mapped == null ? real : real.plusSeconds(read(mapped));
    }

    /** Called after each rewritten reading of {@code System.currentTimeMillis}. */
    public static long millis(long real) {
        ByteBuffer mapped = offset;
        return mapped == null ? real : real + 1000 * read(mapped);
    }
}
