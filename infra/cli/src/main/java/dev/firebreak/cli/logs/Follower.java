package dev.firebreak.cli.logs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One growing log, read from where it ends now. A log that shrank was rotated and is read from its beginning. */
public final class Follower {
    /** A reader that fell behind gets the rest in its next turns. */
    private static final int MOST_AT_ONCE = 1024 * 1024;

    private final Path file;
    private long position;

    public Follower(Path file) {
        this.file = file;
        this.position = length();
    }

    /** Whole lines written since the last call. */
    public List<String> next() {
        long length = length();
        if (length < position) {
            position = 0;
        }
        if (length == position) {
            return List.of();
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            byte[] grown = new byte[(int) Math.min(length - position, MOST_AT_ONCE)];
            log.seek(position);
            log.readFully(grown);
            int end = grown.length;
            while (end > 0 && grown[end - 1] != '\n') {
                end--;
            }
            // A line longer than all we read at once is passed on in pieces.
            int whole = end == 0 && grown.length == MOST_AT_ONCE ? grown.length : end;
            position += whole;
            return new String(grown, 0, whole, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private long length() {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
