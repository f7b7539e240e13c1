package dev.firebreak.auth.sso;

import dev.firebreak.contracts.token.Lifetimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Deletes sign-ins once nothing can stand on them any more. A family is made while its sign-in is live and ends at most
 * {@link Lifetimes#REFRESH_ABSOLUTE} later, so a row that expired that long ago has none; should one linger, its own
 * purge comes first.
 */
final class SsoPurge {
    private static final Duration KEPT = Lifetimes.REFRESH_ABSOLUTE;

    // So that a backlog is worked off over several runs instead of by one run that never ends.
    private static final int MAX_BATCHES = 200;

    private final SsoStore store;
    private final InstantSource clock;
    private final int batch;
    private final Counter deleted;
    private final AtomicLong rows = new AtomicLong();

    SsoPurge(SsoStore store, InstantSource clock, SsoProperties properties, MeterRegistry meters) {
        this.store = store;
        this.clock = clock;
        this.batch = properties.purgeBatch();
        this.deleted = Counter.builder("auth.sso.purged")
                .description("Rows of sso_session deleted after their time")
                .register(meters);
        Gauge.builder("auth.sso.rows", rows, AtomicLong::doubleValue)
                .description("Rows of sso_session, estimated at the last purge")
                .register(meters);
    }

    /** Deletes what is due, a batch a statement; several nodes may do so at once. */
    void run() {
        Instant due = clock.instant().minus(KEPT);
        for (int batches = 0; batches < MAX_BATCHES; batches++) {
            int count = store.deleteExpiredBefore(due, batch);
            deleted.increment(count);
            if (count < batch) {
                break;
            }
        }
        rows.set(store.estimatedRows());
    }
}
