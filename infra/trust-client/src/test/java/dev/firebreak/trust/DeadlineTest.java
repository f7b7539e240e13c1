package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private static final Duration MAX = Duration.ofSeconds(10);

    @Test
    void isTheTimeLeftFromNow() {
        assertThat(Deadline.parse("1500", NOW, MAX)).contains(new Deadline(NOW.plusMillis(1500)));
    }

    @Test
    void isNeverLaterThanTheMaximum() {
        assertThat(Deadline.parse("99999999", NOW, MAX)).contains(new Deadline(NOW.plus(MAX)));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "0",
                "00",
                "-1",
                "+1",
                "1.5",
                "1e3",
                "1500ms",
                " 1500",
                "\u0661",
                "999999999",
                "99999999999999999999"
            })
    void isAbsentUnlessAPositiveWholeNumber(String header) {
        assertThat(Deadline.parse(header, NOW, MAX)).isEmpty();
    }

    @Test
    void neverLeavesLessThanNothing() {
        Deadline deadline = new Deadline(NOW);

        assertThat(deadline.left(NOW.minusMillis(5))).isEqualTo(Duration.ofMillis(5));
        assertThat(deadline.left(NOW)).isZero();
        assertThat(deadline.left(NOW.plusSeconds(1))).isZero();
    }

    @Test
    void passesOnWhatIsLeft() {
        Deadline deadline = new Deadline(NOW.plusMillis(1500));

        assertThat(deadline.headerValue(NOW.plusMillis(500))).isEqualTo("1000");
        assertThat(deadline.headerValue(NOW.plusSeconds(2)))
                .as("0 would be no deadline")
                .isEqualTo("1");
    }
}
