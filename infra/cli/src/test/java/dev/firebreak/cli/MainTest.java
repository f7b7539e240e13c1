package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void refusesAnUnknownCommandWithUsageError() {
        assertThat(Main.commandLine(Workspace.current()).execute("no-such-command"))
                .isEqualTo(2);
    }
}
