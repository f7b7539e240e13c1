package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Reads {@code refresh_family}: each renewal leaves its time there, over that of the one before.
 *
 * <p>So a curve can be read only until sessions come to their second renewal, {@link #EXACT}. Later looks count sessions, which
 * stays right, and show the points that this node read last before that. A client that renews more often than the gateway does
 * counts at its latest renewal: the points are never too high.
 *
 * <p>Each look reads the whole table, and that is meant: an index on {@code rotated_at} would make every renewal write the
 * table's indexes, where now it stays within its page (HOT, see V2), for the sake of what operators look at a few times a
 * month. Instead a look is one statement, and everybody who asks this node within {@link #FRESH} shares it.
 */
final class SqlRenewals implements Renewals {
    /** Until no session is renewed for the second time, on whatever gateway's clock; by then paced renewals have long ended. */
    static final Duration EXACT =
            Lifetimes.RENEW_AFTER.minus(Lifetimes.RENEW_JITTER).minus(Lifetimes.CLOCK_SKEW);

    /** {@code keys rotate --watch} and the operators' page ask once a second. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    private final JdbcClient jdbc;
    private final InstantSource clock;
    private final Look<Curve> curve = new Look<>();
    private final Look<Long> live = new Look<>();
    private final AtomicReference<@Nullable Curve> drawn = new AtomicReference<>();

    SqlRenewals(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** The last answer to one kind of question. Who asks while it is being read waits for it, as long as a statement may take. */
    private final class Look<T> {
        private final ReentrantLock reading = new ReentrantLock();
        private @Nullable Answer<T> last;

        private record Answer<T>(@Nullable Instant question, Instant readAt, T value) {}

        T at(@Nullable Instant question, Supplier<T> read) {
            reading.lock();
            try {
                Answer<T> known = last;
                Instant now = clock.instant();
                if (known == null
                        || !Objects.equals(known.question(), question)
                        || !now.isBefore(known.readAt().plus(FRESH))) {
                    known = new Answer<>(question, now, read.get());
                    last = known;
                }
                return known.value();
            } finally {
                reading.unlock();
            }
        }
    }

    @Override
    public Curve since(Instant time) {
        return curve.at(time, () -> read(time));
    }

    private Curve read(Instant time) {
        Instant now = clock.instant();
        Curve fresh = read(time, now);
        if (!now.isAfter(time.plus(EXACT))) {
            drawn.set(fresh);
            return fresh;
        }
        Curve known = drawn.get();
        return known != null && known.since().equals(time)
                ? new Curve(time, fresh.toRenew(), fresh.renewed(), known.points(), known.exactUntil())
                : new Curve(time, fresh.toRenew(), fresh.renewed(), List.of(), time);
    }

    private Curve read(Instant time, Instant now) {
        List<Point> points = new ArrayList<>();
        long[] toRenew = {0};
        long[] renewed = {0};
        // A second of NULL: not renewed since.
        jdbc.sql("""
                SELECT CASE WHEN rotated_at >= :since
                            THEN least(ceil(extract(epoch FROM rotated_at - :since))::bigint, :late) END AS second,
                       count(*) AS families
                  FROM refresh_family
                 WHERE created_at < :since AND rotated_at > :alive AND revoked_at IS NULL
                 GROUP BY 1 ORDER BY 1 NULLS FIRST
                """)
                .param("since", SqlTime.of(time))
                .param("alive", SqlTime.of(time.minus(Lifetimes.ACCESS_TOKEN)))
                .param("late", EXACT.toSeconds() + 1)
                .query(row -> {
                    long families = row.getLong("families");
                    toRenew[0] += families;
                    long second = row.getLong("second");
                    if (row.wasNull()) {
                        return;
                    }
                    renewed[0] += families;
                    if (second <= EXACT.toSeconds()) {
                        points.add(new Point(Duration.ofSeconds(second), renewed[0]));
                    }
                });
        return new Curve(time, toRenew[0], renewed[0], points, now);
    }

    @Override
    public long liveSessions() {
        return live.at(
                null,
                () -> jdbc.sql("SELECT count(*) FROM refresh_family WHERE rotated_at > :alive AND revoked_at IS NULL")
                        .param("alive", SqlTime.of(clock.instant().minus(Lifetimes.ACCESS_TOKEN)))
                        .query(Long.class)
                        .single());
    }
}
