package dev.firebreak.starter.health;

import static dev.firebreak.starter.health.HealthReason.degraded;
import static dev.firebreak.starter.health.HealthReason.down;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    @Test
    void theWorstReasonDecides() {
        assertThat(of().toJson()).isEqualTo("{\"status\":\"ok\",\"reasons\":[]}");
        assertThat(of(degraded("trust.stale")).toJson())
                .isEqualTo("{\"status\":\"degraded\",\"reasons\":[\"trust.stale\"]}");
        assertThat(of(degraded("trust.stale"), down("schema.unread")).toJson())
                .isEqualTo("{\"status\":\"down\",\"reasons\":[\"schema.unread\",\"trust.stale\"]}");
    }

    @Test
    void namesAReasonOnce() {
        assertThat(of(degraded("a.b"), degraded("a.b")).toJson())
                .isEqualTo("{\"status\":\"degraded\",\"reasons\":[\"a.b\"]}");
    }

    @Test
    void asksEveryContributorAtEachLook() {
        var reasons = new java.util.ArrayList<HealthReason>();
        Readiness readiness = new Readiness(() -> List.of(() -> List.copyOf(reasons), List::of));
        assertThat(readiness.current().level()).isZero();

        reasons.add(down("x.y"));

        assertThat(readiness.current().level()).isEqualTo(2);
    }

    private static Readiness.State of(HealthReason... reasons) {
        return new Readiness.State(List.of(reasons));
    }
}
