package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolReportTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10 | 10 | 0  | 0  | ok",
                "10 | 10 | 7  | 0  | ok",
                "10 | 10 | 9  | 0  | busy: 9 of 10 in use",
                "10 | 10 | 10 | 12 | saturated: 12 refused in the last 10 s",
                "10 | 3  | 0  | 0  | opening: 3 of 10 open",
            })
    void saysInWordsWhatMatters(int size, int open, int active, int refused, String verdict) {
        assertThat(PoolReport.verdict(size, open, active, refused, null, ZoneOffset.UTC))
                .isEqualTo(verdict);
    }

    @Test
    void namesWhatIsWrongAndSinceWhen() {
        Problem problem = Problem.of(
                "refused",
                new SQLException("FATAL password authentication failed", "28P01"),
                Instant.parse("2026-11-24T12:03:59Z"));

        assertThat(PoolReport.verdict(10, 0, 0, 5, problem, ZoneOffset.UTC))
                .isEqualTo("configured 10, open 0: FATAL password authentication failed (28P01), since 12:03");
    }
}
