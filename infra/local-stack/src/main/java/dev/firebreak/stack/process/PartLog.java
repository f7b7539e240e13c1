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

    /** Words of Java, of Spring Boot and of PostgreSQL. */
    private static final Pattern ERROR = Pattern.compile("ERROR|FATAL|PANIC|HINT|DETAIL|Exception|Caused by|Error:"
            + "|OutOfMemory|Property:|Value:|Reason:|already in use");

    private static final Pattern WARNING = Pattern.compile("WARN|refused|denied");

    /** Under this heading Spring Boot says what is wrong and what to do: all of it is worth showing. */
    private static final Pattern FAILED_TO_START = Pattern.compile("APPLICATION FAILED TO START");

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
        int report = last(lines, FAILED_TO_START);
        if (report >= 0) {
            List<String> words = lines.subList(report + 1, lines.size()).stream()
                    .filter(line -> !line.startsWith("****"))
                    .toList();
            return words.subList(0, Math.min(most, words.size()));
        }
        List<String> chosen =
                lines.stream().filter(line -> ERROR.matcher(line).find()).toList();
        if (chosen.isEmpty()) {
            chosen = lines.stream().filter(line -> WARNING.matcher(line).find()).toList();
        }
        if (chosen.isEmpty()) {
            chosen = lines;
        }
        return chosen.subList(Math.max(0, chosen.size() - most), chosen.size());
    }

    private static int last(List<String> lines, Pattern pattern) {
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (pattern.matcher(lines.get(i)).find()) {
                return i;
            }
        }
        return -1;
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
