package dev.firebreak.cli.logs;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The logs of some parts. */
public record LogFiles(StackFolder folder, List<Part> parts) {
    public LogFiles {
        parts = List.copyOf(parts);
    }

    /** The last {@code most} lines of each part that match, merged by time. */
    public List<LogLine> read(Predicate<String> wanted, int most) {
        List<LogLine> lines = new ArrayList<>();
        for (Part part : parts) {
            Deque<LogLine> last = new ArrayDeque<>();
            for (Path file : files(part)) {
                readOne(part, file, wanted, most, last);
            }
            lines.addAll(last);
        }
        // Stable: lines of one instant and part stay in their order.
        lines.sort(Comparator.comparing(LogLine::at));
        return lines;
    }

    /** Oldest first: what a rotation left, the migrate step, the log itself. */
    private List<Path> files(Part part) {
        Path log = folder.log(part);
        return Stream.of(log.resolveSibling(log.getFileName() + ".1"), folder.migrationLog(part), log)
                .filter(Files::exists)
                .toList();
    }

    private static void readOne(Part part, Path file, Predicate<String> wanted, int most, Deque<LogLine> last) {
        // What is not UTF-8 is shown as such instead of ending the command.
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        try (var in = Files.newInputStream(file);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, decoder))) {
            Instant at = Instant.EPOCH;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                at = LogLine.time(line).orElse(at);
                if (wanted.test(line)) {
                    last.addLast(new LogLine(part.id(), at, line));
                    if (last.size() > most) {
                        last.removeFirst();
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
