package dev.firebreak.starter.authn;

import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import dev.firebreak.trust.TrustSnapshot;
import dev.firebreak.trust.TrustSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What the age of the trust data means for readiness. */
final class TrustHealth implements HealthReasons {
    /** Ten polls missed: revocations no longer arrive in time, valid tokens are still accepted. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(10);

    private final TrustSource trust;
    private final Duration hardCap;
    private final InstantSource clock;

    TrustHealth(TrustSource trust, Duration hardCap, InstantSource clock) {
        this.trust = trust;
        this.hardCap = hardCap;
        this.clock = clock;
    }

    @Override
    public List<HealthReason> current() {
        Optional<TrustSnapshot> snapshot = trust.current();
        if (snapshot.isEmpty()) {
            return List.of(HealthReason.down("trust.never_read"));
        }
        Duration age = Duration.between(snapshot.get().asOf(), clock.instant());
        if (age.compareTo(hardCap) > 0) {
            // Every node is past it at once: taking all of them out of rotation would help nobody.
            return List.of(HealthReason.degraded("trust.expired"));
        }
        return age.compareTo(STALE_AFTER) > 0 ? List.of(HealthReason.degraded("trust.stale")) : List.of();
    }

    /** Seconds since the trust data was true; {@code NaN} while there is none. */
    double ageSeconds() {
        return trust.current()
                .map(snapshot ->
                        Duration.between(snapshot.asOf(), clock.instant()).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }
}
