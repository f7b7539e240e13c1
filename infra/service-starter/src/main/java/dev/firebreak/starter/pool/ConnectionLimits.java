package dev.firebreak.starter.pool;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.FirebreakProperties.Capacity;
import dev.firebreak.starter.FirebreakProperties.Pool;
import dev.firebreak.starter.Profile;
import dev.firebreak.starter.database.Database;
import dev.firebreak.starter.database.Endpoint;
import dev.firebreak.starter.database.PostgresSource;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Says {@code pool.connection_limit} while a database grants fewer connections than the nodes of this service may open: a
 * sum that is wrong on paper shows itself only under load or in a roll-out. One look for each role and server; pools behind
 * a pooler are left out, because there the pooler's own pools count.
 */
final class ConnectionLimits implements HealthReasons, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration UNTIL_REACHED = Duration.ofSeconds(2);
    private static final Duration UNTIL_MENDED = Duration.ofSeconds(30);

    /** Whose CONNECTION LIMIT it is. */
    private record Account(List<Endpoint.Server> servers, String user) {}

    private final List<ConnectionLimit> limits;
    private final List<Thread> threads = new ArrayList<>();

    private ConnectionLimits(List<ConnectionLimit> limits) {
        this.limits = limits;
    }

    static ConnectionLimits of(FirebreakProperties properties) {
        Map<Account, List<Pool>> sharing = new LinkedHashMap<>();
        for (Pool pool : properties.pools().values()) {
            Database database = pool.target(properties.profile());
            if (database.pooler().isDirect()) {
                Account account = new Account(database.endpoint().servers(), database.user());
                sharing.computeIfAbsent(account, first -> new ArrayList<>()).add(pool);
            }
        }
        return new ConnectionLimits(
                sharing.values().stream().map(pools -> limit(properties, pools)).toList());
    }

    private static ConnectionLimit limit(FirebreakProperties properties, List<Pool> pools) {
        Database any = pools.getFirst().target(properties.profile());
        return new ConnectionLimit(
                new PostgresSource(any, properties.node() + "-limit", CONNECT, CONNECT),
                budget(properties, pools),
                UNTIL_REACHED,
                UNTIL_MENDED);
    }

    /** Each database has one probe, with a connection of its own. */
    private static ConnectionBudget budget(FirebreakProperties properties, List<Pool> pools) {
        Capacity capacity = properties.capacity();
        Profile profile = properties.profile();
        int pooled = pools.stream().mapToInt(Pool::size).sum();
        long probes = pools.stream()
                .map(pool -> pool.target(profile).endpoint().toString())
                .distinct()
                .count();
        return new ConnectionBudget(capacity.nodes(), capacity.surge(), pooled, Math.toIntExact(probes));
    }

    void start() {
        limits.forEach(
                limit -> threads.add(Thread.ofVirtual().name("connection-limit").start(limit)));
    }

    @Override
    public List<HealthReason> current() {
        return limits.stream().anyMatch(ConnectionLimit::isShort)
                ? List.of(HealthReason.degraded("pool.connection_limit"))
                : List.of();
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
