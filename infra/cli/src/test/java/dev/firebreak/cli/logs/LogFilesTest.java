package dev.firebreak.cli.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {
    @TempDir
    Path temp;

    StackFolder folder;

    @BeforeEach
    void make() {
        folder = new StackFolder(temp);
        folder.create();
    }

    @Test
    void mergesPartsByTimeWhateverTheyWriteItIn() throws IOException {
        write(Part.GATEWAY, "2026-11-23T10:00:01.000+01:00  INFO first\n2026-11-23T09:00:04.000Z INFO fourth\n");
        write(Part.AUTH_DB, "2026-11-23 09:00:02.000 UTC [1] LOG:  second\n");
        write(Part.TASK_SERVICE, "{\"@timestamp\":\"2026-11-23T09:00:03.123456789Z\",\"message\":\"third\"}\n");

        assertThat(read(List.of(Part.values()), "", 10))
                .extracting(line -> line.text().replaceAll(".*(first|second|third|fourth).*", "$1"))
                .containsExactly("first", "second", "third", "fourth");
    }

    @Test
    void keepsAStackTraceBehindItsLine() throws IOException {
        write(Part.GATEWAY, "2026-11-23T09:00:01.000Z ERROR a\n\tat x\n");
        write(Part.AUTH_SERVER, "2026-11-23T09:00:02.000Z INFO b\n");

        assertThat(read(List.of(Part.GATEWAY, Part.AUTH_SERVER), "", 10))
                .extracting(LogLine::text)
                .containsExactly("2026-11-23T09:00:01.000Z ERROR a", "\tat x", "2026-11-23T09:00:02.000Z INFO b");
    }

    @Test
    void findsATraceInEveryPartAndInWhatWasRotated() throws IOException {
        write(Part.GATEWAY, "2026-11-23T09:00:01.000Z [abc123] in\n2026-11-23T09:00:01.500Z [other] no\n");
        write(Part.TASK_SERVICE, "2026-11-23T09:00:02.000Z [abc123] served\n");
        Files.writeString(folder.logs().resolve("gateway-1.log.1"), "2026-11-23T08:00:00.000Z [abc123] earlier\n");

        assertThat(read(List.of(Part.values()), "abc123", 100))
                .extracting(LogLine::part)
                .containsExactly("gateway-1", "gateway-1", "task-service-1");
    }

    @Test
    void showsOnlyTheLastLinesOfEachPart() throws IOException {
        write(Part.GATEWAY, "a\nb\nc\n");

        assertThat(read(List.of(Part.GATEWAY), "", 2)).extracting(LogLine::text).containsExactly("b", "c");
    }

    @Test
    void survivesBytesThatAreNoText() throws IOException {
        Files.write(folder.log(Part.GATEWAY), new byte[] {'o', 'k', (byte) 0xff, '\n'});

        assertThat(read(List.of(Part.GATEWAY), "ok", 2)).hasSize(1);
    }

    @Test
    void takesNoTimeOutOfAMessage() {
        assertThat(LogLine.time("x".repeat(80) + " 2026-11-23T09:00:01.000Z")).isEmpty();
        assertThat(LogLine.time("2026-11-23T09:00:01.000Z x")).hasValue(Instant.parse("2026-11-23T09:00:01Z"));
    }

    @Test
    void followsWholeLinesAndStartsAnewAfterARotation() throws IOException {
        Path log = folder.log(Part.GATEWAY);
        write(Part.GATEWAY, "old\n");
        Follower follower = new Follower(log);

        Files.writeString(log, "one\nhal", StandardOpenOption.APPEND);
        assertThat(follower.next()).containsExactly("one");
        Files.writeString(log, "f\n", StandardOpenOption.APPEND);
        assertThat(follower.next()).containsExactly("half");
        assertThat(follower.next()).isEmpty();

        Files.writeString(log, "n\n");
        assertThat(follower.next()).containsExactly("n");
    }

    private List<LogLine> read(List<Part> parts, String wanted, int most) {
        return new LogFiles(folder, parts).read(line -> line.contains(wanted), most);
    }

    private void write(Part part, String text) throws IOException {
        Files.writeString(folder.log(part), text);
    }
}
