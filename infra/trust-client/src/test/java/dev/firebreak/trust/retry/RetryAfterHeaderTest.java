package dev.firebreak.trust.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterHeaderTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");

    @ParameterizedTest(name = "{0} is {1} s")
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "3 | 3",
                "007 | 7",
                "' 5 ' | 5",
                "86400 | 86400",
                "86401 | 86400",
                "99999999 | 86400",
                "99999999999999999999 | 86400",
                "Mon, 02 Nov 2026 08:00:07 GMT | 7",
                "Monday, 02-Nov-26 08:00:07 GMT | 7",
                "Mon Nov  2 08:00:07 2026 | 7",
                "Mon, 02 Nov 2026 07:59:59 GMT | 0",
                "Fri, 01 Jan 1999 00:00:00 GMT | 0",
                "Fri, 31 Dec 9999 23:59:59 GMT | 86400"
            })
    void readsSecondsAndDates(String header, long seconds) {
        assertThat(RetryAfterHeader.parse(header, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                " ",
                "soon",
                "-1",
                "+1",
                "1.5",
                "1e1",
                "3s",
                "0x3",
                "3, 4",
                "\u0663",
                "Mon, 32 Nov 2026 08:00:07 GMT",
                "Mon, 02 Nov 2026 08:00:07 CET",
                "Fri, 02 Nov 2026 08:00:07 GMT",
                "2026-11-02T08:00:07Z",
                "Mon, 02 Nov 2026 08:00:07 GMT; and more than anybody wants to parse"
            })
    void saysNothingForWhatIsNeither(String header) {
        assertThat(RetryAfterHeader.parse(header, NOW)).isEmpty();
    }

    @Test
    void countsFractionsOfADateFromNow() {
        assertThat(RetryAfterHeader.parse("Mon, 02 Nov 2026 08:00:07 GMT", NOW.plusMillis(500)))
                .contains(Duration.ofMillis(6_500));
    }
}
