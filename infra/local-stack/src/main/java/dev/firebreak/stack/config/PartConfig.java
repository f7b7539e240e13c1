package dev.firebreak.stack.config;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.postgres.Database;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Settings of one service process, as Spring reads them. */
public record PartConfig(StackFolder folder, Ports ports) {
    private static final String LOOPBACK = "127.0.0.1";

    /** Connections of a service's main pool: right for two cores (stack-traps, "pools"). */
    private static final int POOL_SIZE = 8;

    private static final int BACKGROUND_POOL_SIZE = 2;

    /** Opened only if the authorization server has a client at Google. */
    private static final int VAULT_POOL_SIZE = 4;

    /** After a start many tokens are read at once, in a millisecond each. */
    private static final int VAULT_POOL_WAITERS = 200;

    /** Room for a second node started by hand, and for one that replaces another. */
    private static final int NODES = 2;

    private static final int SURGE = 1;

    private static final String NOTE = "Made by ./firebreak up at each start; changes here are lost.";

    /** Writes the files anew, so that ports and paths are always this start's. */
    public void write(Part part, Map<String, Object> overrides) {
        Map<String, Object> settings = settings(part);
        settings.putAll(overrides);
        YamlFile.write(folder.config(part), NOTE, YamlFile.nest(settings));
        migratedCluster(part).ifPresent(cluster -> {
            connection(
                    settings,
                    "firebreak.migration",
                    cluster,
                    Database.of(cluster).migrator());
            YamlFile.write(folder.migrationConfig(part), NOTE, YamlFile.nest(settings));
        });
    }

    /** The cluster whose schema belongs to this service. */
    public static Optional<Part> migratedCluster(Part service) {
        return switch (service) {
            case AUTH_SERVER -> Optional.of(Part.AUTH_DB);
            case TASK_SERVICE -> Optional.of(Part.TASKS_DB);
            case GATEWAY, AUTH_DB, TASKS_DB -> Optional.empty();
        };
    }

    private Map<String, Object> settings(Part part) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("firebreak.profile", "local");
        settings.put("firebreak.run", "serve");
        settings.put("firebreak.node", part.id());
        settings.put("firebreak.issuer", issuer());
        settings.put("firebreak.public-origin", ports.publicOrigin());
        switch (part) {
            case AUTH_SERVER -> authServer(settings);
            case TASK_SERVICE -> taskService(settings);
            case GATEWAY -> gateway(settings);
            case AUTH_DB, TASKS_DB -> throw new IllegalArgumentException(part + " has no such file");
        }
        return settings;
    }

    /** What the nodes of a service may open, by the settings that its process was last given; empty before the first. */
    public Optional<ConnectionBudget> budget(Part service) {
        JsonNode firebreak = YamlFile.read(folder.config(service)).path("firebreak");
        JsonNode pools = firebreak.path("pools");
        return pools.isEmpty()
                ? Optional.empty()
                : Optional.of(new ConnectionBudget(
                        firebreak.at("/capacity/nodes").asInt(1),
                        firebreak.at("/capacity/surge").asInt(1),
                        pools.valueStream()
                                .mapToInt(pool -> pool.path("size").asInt(0))
                                .sum(),
                        // The database has one probe, with a connection of its own.
                        1));
    }

    private String issuer() {
        return ports.publicOrigin() + "/auth";
    }

    private void authServer(Map<String, Object> settings) {
        settings.put("auth.clients-folder", folder.clients().toString());
        settings.put("auth.wrapping-key-file", folder.wrappingKey().toString());
        settings.put("auth.internal.port", ports.authInternal());
        settings.put("auth.internal.address", LOOPBACK);
        capacity(settings);
        pool(settings, Part.AUTH_DB, "identity", POOL_SIZE);
        pool(settings, Part.AUTH_DB, "background", BACKGROUND_POOL_SIZE);
        pool(settings, Part.AUTH_DB, "vault", VAULT_POOL_SIZE);
        settings.put("firebreak.pools.vault.max-waiters", VAULT_POOL_WAITERS);
        server(settings, ports.auth(), ports.authManagement());
    }

    private void taskService(Map<String, Object> settings) {
        verifier(settings, Part.TASK_SERVICE, "task-service");
        settings.put("firebreak.authn.audience", ports.publicOrigin() + "/api");
        capacity(settings);
        pool(settings, Part.TASKS_DB, "tasks", POOL_SIZE);
        server(settings, ports.tasks(), ports.tasksManagement());
    }

    private void gateway(Map<String, Object> settings) {
        verifier(settings, Part.GATEWAY, "gateway");
        settings.put("gateway.auth-upstream", url(ports.auth()));
        settings.put("gateway.internal-upstream", url(ports.authInternal()));
        settings.put("gateway.tasks-upstream", url(ports.tasks()));
        settings.put("gateway.cookie-ring-file", folder.cookieRing().toString());
        server(settings, ports.gateway(), ports.gatewayManagement());
    }

    private void verifier(Map<String, Object> settings, Part part, String clientId) {
        settings.put("firebreak.client.id", clientId);
        settings.put("firebreak.client.key-file", folder.clientKey(clientId).toString());
        settings.put("firebreak.trust.url", url(ports.authInternal()) + "/auth/internal/v1/trust");
        settings.put("firebreak.trust.state-folder", folder.state(part).toString());
    }

    private static void capacity(Map<String, Object> settings) {
        settings.put("firebreak.capacity.nodes", NODES);
        settings.put("firebreak.capacity.surge", SURGE);
    }

    private void pool(Map<String, Object> settings, Part cluster, String name, int size) {
        String prefix = "firebreak.pools." + name;
        connection(settings, prefix, cluster, Database.of(cluster).app());
        settings.put(prefix + ".size", size);
    }

    private void connection(Map<String, Object> settings, String prefix, Part cluster, String user) {
        settings.put(prefix + ".host", LOOPBACK);
        settings.put(prefix + ".port", ports.of(cluster));
        settings.put(prefix + ".database", Database.of(cluster).name());
        settings.put(prefix + ".user", user);
        settings.put(prefix + ".password-file", folder.password(user).toString());
    }

    private static void server(Map<String, Object> settings, int port, int managementPort) {
        settings.put("server.port", port);
        settings.put("server.address", LOOPBACK);
        settings.put("management.server.port", managementPort);
        settings.put("management.server.address", LOOPBACK);
    }

    private static String url(int port) {
        return "http://" + LOOPBACK + ":" + port;
    }
}
