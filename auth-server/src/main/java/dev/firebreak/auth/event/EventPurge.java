package dev.firebreak.auth.event;

import dev.firebreak.auth.platform.SqlTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes events after their time, and notes with each deletion how far it went: who reads on from below hears that
 * something is missing. Several nodes may do so at once.
 */
final class EventPurge {
    private static final int BATCH = 500;
    /** So that a backlog is worked off over several runs. */
    private static final int MAX_BATCHES = 100;

    private final JdbcClient jdbc;
    private final Duration kept;
    private final InstantSource clock;
    private final Counter deleted;

    /** @param kept how long events are kept */
    EventPurge(JdbcClient jdbc, Duration kept, InstantSource clock, MeterRegistry metrics) {
        this.jdbc = jdbc;
        this.kept = kept;
        this.clock = clock;
        this.deleted = Counter.builder("auth.purged")
                .tag("table", "event")
                .description("Rows deleted after their time")
                .register(metrics);
    }

    /** Deletes what is due now; answers how many rows. */
    int run() {
        int sum = 0;
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            int count = deleteBatch();
            deleted.increment(count);
            sum += count;
            if (count < BATCH) {
                break;
            }
        }
        return sum;
    }

    private int deleteBatch() {
        return jdbc.sql("""
                WITH gone AS (
                    DELETE FROM event WHERE seq IN
                        (SELECT seq FROM event WHERE happened_at <= :until ORDER BY happened_at LIMIT %d
                            FOR UPDATE SKIP LOCKED)
                    RETURNING seq
                ), noted AS (
                    UPDATE event_state SET purged_seq = greatest(purged_seq, (SELECT max(seq) FROM gone))
                     WHERE EXISTS (SELECT FROM gone)
                )
                SELECT count(*) FROM gone
                """.formatted(BATCH))
                .param("until", SqlTime.of(clock.instant().minus(kept)))
                .query(Integer.class)
                .single();
    }
}
