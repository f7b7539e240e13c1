package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.PartStatus;
import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.layout.Part;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StatusCommandTest {
    @Test
    void writesTheContractsJson() {
        assertThat(StatusCommand.json(List.of(
                        new PartStatus(
                                Part.GATEWAY,
                                State.READY,
                                OptionalLong.of(42),
                                8080,
                                Optional.of(Duration.ofSeconds(90))),
                        new PartStatus(Part.AUTH_DB, State.STOPPED, OptionalLong.empty(), 5442, Optional.empty()))))
                .isEqualTo("{\"parts\":[{\"name\":\"gateway-1\",\"state\":\"ready\",\"pid\":42,\"port\":8080,"
                        + "\"uptime_s\":90},{\"name\":\"auth-db\",\"state\":\"stopped\",\"pid\":null,\"port\":5442,"
                        + "\"uptime_s\":null}]}");
    }

    @Test
    void quotesForTheShell() {
        assertThat(StatusCommand.variable("X", "it's $HOME; rm -rf")).isEqualTo("export X='it'\\''s $HOME; rm -rf'");
    }

    @Test
    void saysUptimeInWords() {
        assertThat(StatusCommand.words(Duration.ofSeconds(9))).isEqualTo("9 s");
        assertThat(StatusCommand.words(Duration.ofSeconds(69))).isEqualTo("1 min 9 s");
        assertThat(StatusCommand.words(Duration.ofMinutes(61))).isEqualTo("1 h 1 min");
    }
}
