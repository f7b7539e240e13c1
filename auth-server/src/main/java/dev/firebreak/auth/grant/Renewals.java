package dev.firebreak.auth.grant;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** How sessions renew their tokens after something made them: counted in the database, so over all nodes. */
public interface Renewals {
    /**
     * The curve so far.
     *
     * @param toRenew sessions that had a live access token at that time, and those that were renewed since
     * @param renewed of them, renewed since
     * @param points how many had been renewed by when, one point a second in which any was
     * @param exactUntil until then the points are right and complete; {@code since} if there are none because nobody asked in
     *     time
     */
    record Curve(Instant since, long toRenew, long renewed, List<Point> points, Instant exactUntil) {
        public Curve {
            points = List.copyOf(points);
        }
    }

    /** @param renewed up to then, all told */
    record Point(Duration after, long renewed) {}

    /** What happened since a time. */
    Curve since(Instant time);

    /** Sessions whose access token is alive, as nearly as renewals tell. */
    long liveSessions();
}
