package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScreenTest {
    private final StringWriter text = new StringWriter();

    @Test
    void isPlainWithoutATerminal() {
        Screen screen = Screen.of(new PrintWriter(text), null, Map.of("TERM", "xterm"));

        assertThat(screen.colour()).isFalse();
        assertThat(screen.bold("x") + screen.red("x") + screen.green("x") + screen.yellow("x"))
                .isEqualTo("xxxx");
    }

    @Test
    void alignsColumnsWithoutTrailingBlanks() {
        new Screen(new PrintWriter(text), false, true)
                .table(List.of(List.of("PART", "PID"), List.of("task-service-1", "7"), List.of("a", "12345")));

        assertThat(text.toString()).isEqualTo("""
                PART            PID
                task-service-1  7
                a               12345
                """);
    }
}
