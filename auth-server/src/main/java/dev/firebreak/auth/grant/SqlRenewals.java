package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads {@code refresh_family}: each renewal leaves its time there. */
final class SqlRenewals implements Renewals {
    /** Seconds of a curve; by then the paced renewals have long ended. */
    private static final int MOST_POINTS = 900;

    private final JdbcClient jdbc;
    private final InstantSource clock;

    SqlRenewals(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public Curve since(Instant time) {
        long toRenew = jdbc.sql("""
                SELECT count(*) FROM refresh_family
                 WHERE created_at < :since AND rotated_at > :alive AND revoked_at IS NULL
                """)
                .param("since", SqlTime.of(time))
                .param("alive", SqlTime.of(time.minus(Lifetimes.ACCESS_TOKEN)))
                .query(Long.class)
                .single();
        List<Point> points = new ArrayList<>();
        long[] renewed = {0};
        jdbc.sql("""
                SELECT ceil(extract(epoch FROM rotated_at - :since))::bigint AS second, count(*) AS families
                  FROM refresh_family
                 WHERE created_at < :since AND rotated_at >= :since AND revoked_at IS NULL
                 GROUP BY 1 ORDER BY 1 LIMIT :limit
                """)
                .param("since", SqlTime.of(time))
                .param("limit", MOST_POINTS)
                .query(row -> {
                    renewed[0] += row.getLong("families");
                    points.add(new Point(Duration.ofSeconds(row.getLong("second")), renewed[0]));
                });
        return new Curve(time, toRenew, renewed[0], points);
    }

    @Override
    public long liveSessions() {
        Instant now = clock.instant();
        return jdbc.sql("SELECT count(*) FROM refresh_family WHERE rotated_at > :alive AND revoked_at IS NULL")
                .param("alive", SqlTime.of(now.minus(Lifetimes.ACCESS_TOKEN)))
                .query(Long.class)
                .single();
    }
}
