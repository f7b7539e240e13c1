package dev.firebreak.contracts.capacity;

import java.util.Optional;

/**
 * Connections that all nodes of a service may open with one role: {@code (nodes + surge) × (pooled + listeners) + 2}.
 *
 * @param nodes that serve at the same time
 * @param surge further nodes while a deployment replaces them
 * @param pooled sum of the sizes of one node's pools
 * @param listeners connections that one node keeps beside its pools, by which it watches the database
 */
public record ConnectionBudget(int nodes, int surge, int pooled, int listeners) {
    /** For somebody with psql, and for the look at this sum itself. */
    public static final int SPARE = 2;

    /** For exporters, backups and whoever looks after the whole cluster, each with a role of its own. */
    public static final int MONITORING = 5;

    /** What the role must be granted. */
    public int needed() {
        return (nodes + surge) * (pooled + listeners) + SPARE;
    }

    /** One sentence with the numbers, if the server grants less than this needs. */
    public Optional<String> shortage(ServerLimits server) {
        if (server.isLimited() && needed() > server.roleLimit()) {
            return Optional.of("The role " + server.role() + " may open " + server.roleLimit() + " connections but "
                    + sum() + " are needed: raise its CONNECTION LIMIT or make the pools smaller.");
        }
        if (reservedFor(server) > server.maxConnections()) {
            return Optional.of("max_connections is " + server.maxConnections() + " but " + serverSum(server)
                    + " are promised: raise it or lower the roles' CONNECTION LIMITs (this role needs " + sum() + ").");
        }
        return Optional.empty();
    }

    /** The sum on the role's side, for people: {@code (2 nodes + 1 surge) × (10 pooled + 1 listeners) + 2 = 35}. */
    public String sum() {
        return "(%d nodes + %d surge) × (%d pooled + %d listeners) + %d = %d"
                .formatted(nodes, surge, pooled, listeners, SPARE, needed());
    }

    /** The sum on the server's side: {@code 63 of all roles + 3 reserved + 5 monitoring = 71}. */
    public String serverSum(ServerLimits server) {
        return "%d of all roles + %d reserved + %d monitoring = %d"
                .formatted(granted(server), server.reserved(), MONITORING, reservedFor(server));
    }

    private int reservedFor(ServerLimits server) {
        return granted(server) + server.reserved() + MONITORING;
    }

    /** A role without a limit is not among the granted ones, so it counts with what it needs. */
    private int granted(ServerLimits server) {
        return server.granted() + (server.isLimited() ? 0 : needed());
    }
}
