package dev.firebreak.auth.vault;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/** What the vault counts; all of it is there from the start, so that the first of each is seen as a step. */
final class VaultMetrics {
    /** What came of a renewal. */
    enum Renewal {
        /** A new token, stored. */
        RENEWED,
        /** Google's token came when somebody else had taken over. */
        FENCED,
        /** The grant needs its user. */
        BROKEN,
        /** Google has trouble. */
        AWAY,
        /** Google refuses our client. */
        MISCONFIGURED,
        /** A fault of ours. */
        FAILED
    }

    private final Counter hits;
    private final Counter misses;
    private final Map<Renewal, Counter> renewals = new EnumMap<>(Renewal.class);

    VaultMetrics(MeterRegistry metrics) {
        this.hits = reads(metrics, "hit");
        this.misses = reads(metrics, "miss");
        for (Renewal outcome : Renewal.values()) {
            renewals.put(
                    outcome,
                    Counter.builder("auth.vault.renewals")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .description("Renewals of Google tokens by this node")
                            .register(metrics));
        }
    }

    private static Counter reads(MeterRegistry metrics, String from) {
        return Counter.builder("auth.vault.reads")
                .tag("outcome", from)
                .description("Google tokens asked for: held in memory, or not")
                .register(metrics);
    }

    static void waiting(MeterRegistry metrics, Semaphore places, int all) {
        Gauge.builder("auth.vault.waiting", places, it -> all - it.availablePermits())
                .description("Callers that wait for a Google token, 1,000 at most")
                .register(metrics);
    }

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    void renewal(Renewal outcome) {
        Objects.requireNonNull(renewals.get(outcome)).increment();
    }
}
