package dev.firebreak.drill.scenario;

import java.util.List;

/** What holds in every scenario (product.md, "What must hold, in numbers"). */
final class Promises {
    private static final int LEAST_REQUESTS = 1_000;
    private static final int HEALTH_MS = 50;
    private static final int RECOVERY_MS = 5_000;

    private Promises() {}

    /** However busy the machine is. */
    static List<Finding> always(Observed observed, int lostSessions, int lostWrites) {
        return List.of(
                Finding.atLeast("requests", observed.requests(), LEAST_REQUESTS),
                Finding.none("wrong 401", observed.wrong401()),
                Finding.none("lost sessions", lostSessions),
                Finding.none("lost writes", lostWrites));
    }

    /** In a valid run. */
    static List<Finding> timed(Observed observed, long recoveryMs) {
        return List.of(
                Finding.below("health p99 ms", observed.healthP99(), HEALTH_MS),
                new Finding(
                        "recovery ms",
                        recoveryMs,
                        "< " + RECOVERY_MS,
                        recoveryMs >= 0 && recoveryMs < RECOVERY_MS,
                        true));
    }
}
