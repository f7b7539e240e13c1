package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.TestServer;
import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoopStartIT {
    @Test
    void noLoopIsToldAtTheStartThatThePoolHasNoRoom() {
        // As a deployment has it: four waiters a connection.
        try (TestServer server = new TestServer(2, Map.of("firebreak.pools.background.max-waiters", "8"))) {
            MeterRegistry metrics = server.bean(MeterRegistry.class);
            Eventually.within(
                    Duration.ofSeconds(20),
                    "every loop has run",
                    () -> runs(metrics, "succeeded").stream().allMatch(counter -> counter.count() > 0));

            assertThat(runs(metrics, "failed"))
                    .hasSizeGreaterThan(10)
                    .allSatisfy(counter -> assertThat(counter.count())
                            .as(counter.getId().getTag("loop"))
                            .isZero());
        }
    }

    private static Collection<Counter> runs(MeterRegistry metrics, String outcome) {
        return List.copyOf(metrics.get("auth.loop.runs").tag("outcome", outcome).counters());
    }
}
