package dev.firebreak.starter.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalScheduleTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private final RenewalSchedule schedule = new RenewalSchedule(new SplittableRandom(3));

    @Test
    void leavesTenMinutesOfFifteenAndSpreadsTheNodes() {
        ServiceToken token = new ServiceToken("t", NOW, NOW.plus(Duration.ofMinutes(15)), Set.of());
        Set<Instant> times = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Instant at = schedule.renewAt(token);
            assertThat(at).isBetween(NOW.plus(Duration.ofMinutes(4)), NOW.plus(Duration.ofMinutes(5)));
            times.add(at);
        }
        assertThat(times).hasSizeGreaterThan(900);
    }

    @ParameterizedTest
    @CsvSource({"1, 500, 1000", "2, 1000, 2000", "4, 4000, 8000", "6, 15000, 30000", "99, 15000, 30000"})
    void doublesUpToThirtySeconds(int failures, long least, long most) {
        for (int i = 0; i < 100; i++) {
            assertThat(schedule.backoff(failures, Optional.empty()))
                    .isBetween(Duration.ofMillis(least), Duration.ofMillis(most));
        }
    }

    @Test
    void obeysWhatItIsToldWithinAMinute() {
        for (int i = 0; i < 100; i++) {
            assertThat(schedule.backoff(1, Optional.of(Duration.ofSeconds(8))))
                    .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(9));
            assertThat(schedule.backoff(1, Optional.of(Duration.ofHours(8))))
                    .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(61));
        }
    }
}
