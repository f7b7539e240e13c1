package dev.firebreak.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    static final Duration HARD_CAP = Duration.ofMinutes(60);

    @Test
    void isDownOnlyUntilTrustDataWasReadOnce() {
        Health.Report report = Health.readiness(Optional.empty(), HARD_CAP);

        assertThat(report.httpStatus()).isEqualTo(503);
        assertThat(report.toJson()).isEqualTo("{\"status\":\"down\",\"reasons\":[\"trust.none\"]}");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, ok, ''",
        "PT10S, ok, ''",
        "PT11S, degraded, trust.stale",
        "PT60M, degraded, trust.stale",
        "PT61M, degraded, trust.expired"
    })
    void degradesWithTheAgeOfTheTrustDataAndKeepsServing(Duration age, String status, String reason) {
        Health.Report report = Health.readiness(Optional.of(age), HARD_CAP);

        assertThat(report.httpStatus()).isEqualTo(200);
        assertThat(report.status()).isEqualTo(status);
        assertThat(String.join(",", report.reasons())).isEqualTo(reason);
    }
}
