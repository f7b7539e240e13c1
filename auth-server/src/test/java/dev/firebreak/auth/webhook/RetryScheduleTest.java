package dev.firebreak.auth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    @ParameterizedTest
    @CsvSource({"1, 0, 4", "1, 0.5, 5", "1, 1, 6", "2, 0.5, 30", "10, 0.5, 86400"})
    void pausesGrowAndAreSpread(int attempts, double random, long seconds) {
        assertThat(RetrySchedule.next(attempts, NOW, null, random)).contains(NOW.plusSeconds(seconds));
    }

    @Test
    void endsAfterTheLastAttempt() {
        assertThat(RetrySchedule.next(RetrySchedule.ATTEMPTS - 1, NOW, null, 0.5))
                .isPresent();
        assertThat(RetrySchedule.next(RetrySchedule.ATTEMPTS, NOW, null, 0.5)).isEmpty();
    }

    @Test
    void theReceiverMayPutItOffButNotForEver() {
        assertThat(RetrySchedule.next(1, NOW, Duration.ofMinutes(10), 0.5)).contains(NOW.plusSeconds(600));
        assertThat(RetrySchedule.next(1, NOW, Duration.ofDays(11), 0.5)).contains(NOW.plus(Duration.ofDays(1)));
        assertThat(RetrySchedule.next(3, NOW, Duration.ofSeconds(1), 0.5))
                .as("it does not hurry us")
                .contains(NOW.plusSeconds(120));
    }
}
