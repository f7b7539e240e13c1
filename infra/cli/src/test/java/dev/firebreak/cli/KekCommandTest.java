package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.ops.Sealing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KekCommandTest {
    static final Sealing HALF_WAY = new Sealing(
            "f-2",
            List.of(new Sealing.Key("f-1", 7, true), new Sealing.Key("f-2", 3, true), new Sealing.Key("f-9", 1, false)),
            false,
            List.of());

    @Test
    void saysWhichKeyIsStillNeeded() {
        assertThat(KekCommand.rows(HALF_WAY))
                .containsExactly(
                        List.of("KEY", "ROWS", "STATE"),
                        List.of("f-1", "7", "old"),
                        List.of("f-2", "3", "current"),
                        List.of("f-9", "1", "missing"));
        assertThat(KekCommand.verdict(HALF_WAY)).startsWith("under way");
        assertThat(KekCommand.verdict(new Sealing("f-2", List.of(), false, List.of("auth-server-2"))))
                .startsWith("waits")
                .endsWith("auth-server-2");
        assertThat(KekCommand.verdict(new Sealing("f-2", List.of(), true, List.of())))
                .startsWith("done");
    }

    @Test
    void writesTheHandlersJson() {
        assertThat(KekCommand.json(
                        new Sealing("f-2", List.of(new Sealing.Key("f-2", 3, true)), false, List.of("auth-server-2"))))
                .isEqualTo("{\"current\":\"f-2\",\"keys\":[{\"id\":\"f-2\",\"rows\":3,\"in_file\":true}],"
                        + "\"done\":false,\"waits_for\":[\"auth-server-2\"]}");
    }

    @Test
    void standsBelowKeys(@TempDir Path empty) {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine(new Workspace(empty, InstantSource.system()));
        line.setErr(new PrintWriter(err, true));

        assertThat(line.execute("keys", "kek")).isEqualTo(1);

        assertThat(err.toString()).contains("is not up");
    }
}
