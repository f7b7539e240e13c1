package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BusyNoticeTest {
    @ParameterizedTest
    @CsvSource({"0, 1", "300, 1", "1000, 1", "1001, 2", "9999, 10"})
    void namesWholeSecondsRoundedUp(long millis, long seconds) {
        StringWriter err = new StringWriter();

        BusyNotice.on(new PrintWriter(err)).accept(Duration.ofMillis(millis));

        assertThat(err.toString().lines())
                .containsExactly("firebreak: the server is busy, trying again in " + seconds + " s");
    }
}
