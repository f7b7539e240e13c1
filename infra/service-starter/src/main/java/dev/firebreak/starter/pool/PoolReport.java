package dev.firebreak.starter.pool;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.starter.gate.GateCounts;
import dev.firebreak.starter.lane.Lane;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One pool for operators, from memory. Shares are 0 to 1, waits milliseconds, both of the last ten seconds.
 *
 * @param open connections that exist
 * @param active of those that may be used, how many are
 * @param verdict the one sentence that matters
 */
record PoolReport(
        String pool,
        int size,
        int open,
        int active,
        int idle,
        int waiting,
        @JsonProperty("waiters_max") int waitersMax,
        double utilisation,
        @JsonProperty("empty_acquire_share") double emptyAcquireShare,
        @JsonProperty("mean_wait_ms") double meanWaitMillis,
        @JsonProperty("p99_wait_ms") double p99WaitMillis,
        @JsonProperty("churn_per_s") double churnPerSecond,
        String verdict,
        List<OfLane> lanes,
        @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Trouble problem) {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    /** Above it the next burst finds the pool empty. */
    private static final double BUSY = 0.8;

    PoolReport {
        lanes = List.copyOf(lanes);
    }

    /** What one lane is guaranteed and has. */
    record OfLane(String lane, int share, int active, int waiting) {}

    /** What is wrong, as the endpoint says it. */
    record Trouble(String state, String message, Instant since) {}

    static PoolReport of(OpenPool pool, ZoneId zone) {
        GateCounts counts = pool.gate().counts();
        RecentFigures.Sums recent = pool.recent().sums();
        Problem problem = pool.problem();
        int open = pool.open();
        return new PoolReport(
                pool.name(),
                pool.size(),
                open,
                counts.active(),
                pool.idle(),
                counts.waiting(),
                Lane.IN_ORDER.stream().mapToInt(pool.gate()::places).sum(),
                (double) counts.active() / pool.size(),
                recent.emptyShare(),
                recent.meanWaitMillis(),
                recent.p99WaitMillis(),
                (double) recent.created() / RecentFigures.SECONDS,
                verdict(pool.size(), open, counts.active(), recent.refused(), problem, zone),
                Lane.IN_ORDER.stream()
                        .map(lane -> new OfLane(
                                lane.id(), pool.gate().share(lane), counts.active(lane), counts.waiting(lane)))
                        .toList(),
                problem == null ? null : new Trouble(problem.state(), problem.message(), problem.since()));
    }

    /** The worst first. */
    static String verdict(int size, int open, int active, int refused, @Nullable Problem problem, ZoneId zone) {
        if (problem != null) {
            return "configured %d, open %d: %s, since %s"
                    .formatted(
                            size,
                            open,
                            problem.message(),
                            CLOCK.format(problem.since().atZone(zone)));
        }
        if (refused > 0) {
            return "saturated: %d refused in the last %d s".formatted(refused, RecentFigures.SECONDS);
        }
        if (active >= BUSY * size) {
            return "busy: %d of %d in use".formatted(active, size);
        }
        return open < size ? "opening: %d of %d open".formatted(open, size) : "ok";
    }
}
