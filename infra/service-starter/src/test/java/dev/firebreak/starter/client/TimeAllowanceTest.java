package dev.firebreak.starter.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeAllowanceTest {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(4);

    @ParameterizedTest(name = "of {0} ms we wait {1} and say {2}")
    @CsvSource({
        "10000, 4000, 3975",
        "4025, 4000, 3975",
        "4024, 3999, 3974",
        "3000, 2975, 2950",
        "100, 75, 50",
        "60, 35, 10"
    })
    void leavesEachNearerOneTimeToAnswer(long left, long ours, long theirs) {
        assertThat(TimeAllowance.of(Optional.of(Duration.ofMillis(left)), READ_TIMEOUT))
                .isEqualTo(new TimeAllowance(Duration.ofMillis(ours), Duration.ofMillis(theirs)));
    }

    @ParameterizedTest
    @ValueSource(longs = {59, 50, 25, 1, 0})
    void refusesToAskWhereNobodyCouldAnswer(long left) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> TimeAllowance.of(Optional.of(Duration.ofMillis(left)), READ_TIMEOUT))
                .extracting(ServiceException::error)
                .isEqualTo(RequestError.DEADLINE_EXCEEDED);
    }

    @Test
    void isTheReadTimeoutOutsideARequest() {
        assertThat(TimeAllowance.of(Optional.empty(), READ_TIMEOUT))
                .isEqualTo(new TimeAllowance(READ_TIMEOUT, Duration.ofMillis(3975)));
    }
}
