package dev.firebreak.stack.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartLogTest {
    @TempDir
    Path temp;

    @Test
    void showsSpringsOwnWordsWhenAnApplicationFailedToStart() throws IOException {
        write("""
                2026-11-23T09:00:00.000Z  WARN 1 --- [main] o.s.Something : closing
                2026-11-23T09:00:00.000Z ERROR 1 --- [main] o.s.b.d.LoggingFailureAnalysisReporter :

                ***************************
                APPLICATION FAILED TO START
                ***************************

                Description:

                Web server failed to start. Port 9000 was already in use.

                Action:

                Identify and stop the process that's listening on port 9000.
                """);

        assertThat(new PartLog(file()).excerpt(0, 10))
                .containsExactly(
                        "Description:",
                        "Web server failed to start. Port 9000 was already in use.",
                        "Action:",
                        "Identify and stop the process that's listening on port 9000.");
    }

    @Test
    void prefersErrorsToWarningsAndLeavesStackFramesOut() throws IOException {
        write("""
                INFO all well
                WARN hm
                ERROR broken
                java.lang.IllegalStateException: broken
                \tat dev.firebreak.X.y(X.java:1)
                \t... 12 common frames omitted
                Caused by: java.io.IOException: disk
                INFO bye
                """);

        assertThat(new PartLog(file()).excerpt(0, 10))
                .containsExactly(
                        "ERROR broken",
                        "java.lang.IllegalStateException: broken",
                        "Caused by: java.io.IOException: disk");
    }

    @Test
    void showsTheLastLinesWhenNoneTellsAnything() throws IOException {
        write(IntStream.rangeClosed(1, 30).mapToObj(i -> "line " + i).collect(Collectors.joining("\n")));

        assertThat(new PartLog(file()).excerpt(0, 3)).containsExactly("line 28", "line 29", "line 30");
    }

    @Test
    void leavesOutWhatAnEarlierStartWrote() throws IOException {
        write("ERROR of yesterday\n");
        PartLog log = new PartLog(file());
        long begin = log.open();
        Files.writeString(file(), Files.readString(file()) + "ERROR of today\n");

        assertThat(log.excerpt(begin, 10)).containsExactly("ERROR of today");
    }

    @Test
    void keepsOneOlderLogWhenItHasGrownLarge() throws IOException {
        write("x".repeat(11 * 1024 * 1024));

        long begin = new PartLog(file()).open();

        assertThat(begin).isZero();
        assertThat(file()).doesNotExist();
        assertThat(temp.resolve("part.log.1")).hasSize(11 * 1024 * 1024);
    }

    @Test
    void isEmptyWithoutALog() {
        assertThat(new PartLog(file()).excerpt(0, 10)).isEmpty();
    }

    private void write(String content) throws IOException {
        Files.writeString(file(), content);
    }

    private Path file() {
        return temp.resolve("part.log");
    }
}
