package dev.firebreak.drill.scenario;

import dev.firebreak.drill.site.Subject;
import java.util.List;

/** What holds in every scenario (product.md, "What must hold, in numbers"). */
final class Promises {
    private static final int LEAST_REQUESTS = 1_000;
    private static final int HEALTH_MS = 50;
    private static final int RECOVERY_MS = 5_000;

    private Promises() {}

    /** However busy the machine is. */
    static List<Finding> always(Observed observed, Subject subject, int lostSessions, int lostWrites) {
        return List.of(
                Finding.atLeast("requests", observed.requests(), LEAST_REQUESTS),
                Finding.none("wrong 401", observed.wrong401()),
                // None lost of none would say nothing.
                Finding.atLeast("sessions", subject.sessions(), 1),
                Finding.none("lost sessions", lostSessions),
                Finding.atLeast("acknowledged writes", subject.acknowledgedWrites(), 1),
                Finding.none("lost writes", lostWrites));
    }

    /** In a valid run. */
    static List<Finding> timed(Observed observed, long recoveryMs) {
        return List.of(
                Finding.below("health p99 ms", observed.healthP99(), HEALTH_MS),
                Finding.noneInTime("health probes not answered 200", observed.unhealthy()),
                new Finding(
                        "recovery ms",
                        recoveryMs,
                        "< " + RECOVERY_MS,
                        recoveryMs >= 0 && recoveryMs < RECOVERY_MS,
                        true));
    }
}
