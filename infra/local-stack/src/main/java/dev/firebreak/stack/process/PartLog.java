package dev.firebreak.stack.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;

/** The log of one part: bounded at each start, with the lines that tell why a start failed. */
public final class PartLog {
    /** A log larger than this becomes {@code <name>.1} at the next start; one older copy is kept. */
    private static final long ROTATE_AT = 10L * 1024 * 1024;

    /** How much of the end is looked at for an excerpt. */
    private static final int TAIL = 256 * 1024;

    private static final int LONGEST_LINE = 300;

    /** Words of Spring Boot's failure report, of Java and of PostgreSQL. */
    private static final Pattern TELLING = Pattern.compile("ERROR|FATAL|PANIC|HINT|DETAIL|Exception|Caused by|Error:"
            + "|FAILED|Description:|Action:|Reason:|Property:|Value:|OutOfMemory|refused|denied|already in use|WARN");

    private static final Pattern STACK_FRAME = Pattern.compile("^\\s+at .*|^\\s*\\.\\.\\. \\d+ (more|common frames).*");

    private final Path file;

    public PartLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Makes room if the log has grown; returns where the next start's lines will begin. */
    public long open() {
        try {
            Files.createDirectories(file.getParent());
            if (Files.exists(file) && Files.size(file) > ROTATE_AT) {
                Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
            }
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot rotate " + file, e);
        }
    }

    /** Up to {@code most} lines written since {@code from} that tell something; when none does, the last ones. */
    public List<String> excerpt(long from, int most) {
        List<String> lines = read(from)
                .lines()
                .filter(line -> !line.isBlank() && !STACK_FRAME.matcher(line).matches())
                .map(line -> line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "…" : line)
                .toList();
        List<String> telling =
                lines.stream().filter(line -> TELLING.matcher(line).find()).toList();
        List<String> chosen = telling.isEmpty() ? lines : telling;
        return chosen.subList(Math.max(0, chosen.size() - most), chosen.size());
    }

    private String read(long from) {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "r")) {
            long length = log.length();
            // A log shorter than where it began was rotated meanwhile: then all of it is new.
            long begin = Math.max(from > length ? 0 : from, length - TAIL);
            byte[] tail = new byte[(int) (length - begin)];
            log.seek(begin);
            log.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
