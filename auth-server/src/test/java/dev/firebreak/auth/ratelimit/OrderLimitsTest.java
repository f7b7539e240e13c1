package dev.firebreak.auth.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class OrderLimitsTest {
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final OrderLimits limits = new OrderLimits(now::get, metrics);

    @Test
    void stopsACallerWhoHasRunWildAndNobodyElse() {
        for (int i = 0; i < 600; i++) {
            limits.require("operator-cli/laptop");
        }

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> limits.require("operator-cli/laptop"))
                .satisfies(e -> assertThat(e.error()).isEqualTo(RateError.LIMITED));
        assertThat(metrics.get("auth.orders.refused").counter().count()).isEqualTo(1);
        limits.require("operator-cli/desktop");
        now.updateAndGet(instant -> instant.plusSeconds(1));
        limits.require("operator-cli/laptop");
    }
}
