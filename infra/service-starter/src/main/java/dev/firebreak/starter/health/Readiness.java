package dev.firebreak.starter.health;

import dev.firebreak.starter.health.HealthReason.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The process's state, worst reason first: {@code ok}, {@code degraded} or {@code down}. Thread-safe, no I/O. */
public final class Readiness {
    private final Supplier<List<HealthReasons>> contributors;

    /** The contributors are read at each call, so that beans made later count too. */
    Readiness(Supplier<List<HealthReasons>> contributors) {
        this.contributors = contributors;
    }

    /** Everything that is wrong now. */
    public State current() {
        List<HealthReason> reasons = new ArrayList<>();
        contributors.get().forEach(contributor -> reasons.addAll(contributor.current()));
        return new State(reasons);
    }

    /** State of the process at one moment. */
    public record State(List<HealthReason> reasons) {
        public State {
            reasons = List.copyOf(reasons);
        }

        /** True if the process should get no traffic. */
        public boolean isDown() {
            return reasons.stream().anyMatch(reason -> reason.severity() == Severity.DOWN);
        }

        /** {@code ok}, {@code degraded} or {@code down}. */
        public String status() {
            if (isDown()) {
                return "down";
            }
            return reasons.isEmpty() ? "ok" : "degraded";
        }

        /** 0 = ok, 1 = degraded, 2 = down: a metric that a rule can compare. */
        int level() {
            return isDown() ? 2 : reasons.isEmpty() ? 0 : 1;
        }

        /** The documented body. Codes are plain words, so nothing needs escaping. */
        String toJson() {
            return reasons.stream()
                    .map(HealthReason::code)
                    .distinct()
                    .sorted()
                    .collect(Collectors.joining(
                            "\",\"",
                            "{\"status\":\"" + status() + "\",\"reasons\":[" + (reasons.isEmpty() ? "" : "\""),
                            (reasons.isEmpty() ? "" : "\"") + "]}"));
        }
    }
}
