package dev.firebreak.auth.platform;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Deletes the due rows of one table: a batch a statement, a bounded number of batches a run. Several nodes may do so at
 * once, as the statement skips rows that another has locked.
 */
public final class Purge {
    private static final int BATCH = 500;
    /** So that a backlog is worked off over several runs instead of by one run that never ends. */
    private static final int MAX_BATCHES = 100;

    private final JdbcClient jdbc;
    private final String table;
    private final String statement;
    private final InstantSource clock;
    private final Counter deleted;
    private final AtomicLong rows = new AtomicLong();

    /**
     * @param table bounded label of the metrics
     * @param key primary key column
     * @param due condition on {@code :now} that an index serves
     */
    public Purge(JdbcClient jdbc, String table, String key, String due, InstantSource clock, MeterRegistry metrics) {
        this.jdbc = jdbc;
        this.table = table;
        this.clock = clock;
        this.statement = """
                DELETE FROM %1$s WHERE %2$s IN
                    (SELECT %2$s FROM %1$s WHERE %3$s LIMIT %4$d FOR UPDATE SKIP LOCKED)
                """.formatted(table, key, due, BATCH);
        this.deleted = Counter.builder("auth.purged")
                .tag("table", table)
                .description("Rows deleted after their time")
                .register(metrics);
        Gauge.builder("auth.rows", rows, AtomicLong::doubleValue)
                .tag("table", table)
                .description("Rows of the table, the planner's estimate at the last purge")
                .register(metrics);
    }

    /** Deletes what is due now; answers how many rows. */
    public int run() {
        Instant now = clock.instant();
        int sum = 0;
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            int count = jdbc.sql(statement).param("now", SqlTime.of(now)).update();
            deleted.increment(count);
            sum += count;
            if (count < BATCH) {
                break;
            }
        }
        // Counting the rows would cost more than it tells.
        rows.set(jdbc.sql("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = to_regclass(:table)")
                .param("table", table)
                .query(Long.class)
                .single());
        return sum;
    }
}
