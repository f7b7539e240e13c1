package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.firebreak.starter.gate.Permit;
import dev.firebreak.starter.gate.PoolGate;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.pool.PoolMeters.Rejection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pool with everything that belongs to it: its gate, its connections, and what is known of both. */
final class OpenPool implements DatabaseBreaker.Listener {
    /** After a longer one no connection from before is of use: the driver has given its socket up. */
    private static final Duration LONG_OUTAGE = Duration.ofSeconds(4);
    /** How long a refusal keeps the process degraded. */
    private static final Duration JUST_NOW = Duration.ofSeconds(5);

    private final PoolGate gate;
    private final int size;
    private final HikariDataSource hikari;
    private final ConnectionMaker maker;
    private final WatchedDatabase database;
    private final PoolMeters meters;
    private final RecentFigures recent;

    OpenPool(
            PoolGate gate,
            HikariConfig settings,
            ConnectionMaker maker,
            WatchedDatabase database,
            PoolMeters meters,
            RecentFigures recent) {
        this.gate = gate;
        this.size = settings.getMaximumPoolSize();
        this.maker = maker;
        this.database = database;
        this.meters = meters;
        this.recent = recent;
        settings.setDataSource(maker);
        this.hikari = new HikariDataSource(settings);
    }

    String name() {
        return gate.pool();
    }

    int size() {
        return size;
    }

    PoolGate gate() {
        return gate;
    }

    HikariDataSource hikari() {
        return hikari;
    }

    PoolMeters meters() {
        return meters;
    }

    RecentFigures recent() {
        return recent;
    }

    /** HikariCP's own wait is for all callers the same; each of ours has its own time. */
    Connection takeWithin(long millis) throws SQLException {
        return connections().getConnection(millis);
    }

    private HikariPool connections() {
        return (HikariPool) hikari.getHikariPoolMXBean();
    }

    int open() {
        return connections().getTotalConnections();
    }

    int idle() {
        return connections().getIdleConnections();
    }

    boolean isFullyOpen() {
        return open() >= size;
    }

    boolean isAway() {
        return database.breaker().isOpen();
    }

    /** The database answers and this pool gets no connection, for instance because its password is wrong. */
    boolean letsNobodyIn() {
        return maker.problem() != null && open() == 0;
    }

    /** What is wrong now. */
    @Nullable
    Problem problem() {
        Problem away = database.breaker().problem();
        return away != null ? away : maker.problem();
    }

    void lookSoon() {
        if (!isAway()) {
            database.probe().lookSoon();
        }
    }

    void acquired(Permit permit, long startNanos) {
        long took = System.nanoTime() - startNanos;
        meters.acquired(permit.lane(), permit.waited(), took);
        recent.acquired(permit.waited(), took);
    }

    void saturated(Lane lane) {
        meters.rejected(lane, Rejection.SATURATED);
        recent.refused();
    }

    @Override
    public void opened() {
        gate.shut();
    }

    @Override
    public void closing(Duration outage) {
        if (outage.compareTo(LONG_OUTAGE) > 0) {
            connections().softEvictConnections();
        }
        maker.forget();
        gate.reopen();
    }

    List<HealthReason> reasons() {
        List<HealthReason> reasons = new ArrayList<>();
        if (!database.probe().isReachable()) {
            reasons.add(HealthReason.degraded("pool." + name() + ".unreachable"));
        }
        if (recent.refusedWithin(JUST_NOW) > 0) {
            reasons.add(HealthReason.degraded("pool." + name() + ".saturated"));
        }
        return reasons;
    }
}
