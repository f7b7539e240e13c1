package dev.firebreak.starter.database;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a database is.
 *
 * @param servers one, or several of which the driver takes the first that answers and suits {@code targetServerType}
 * @param database its name
 * @param parameters of the driver, from those that a deployment may choose
 */
public record Endpoint(List<Server> servers, String database, Map<String, String> parameters) {
    /** One server's address. */
    public record Server(String host, int port) {
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    public Endpoint {
        servers = List.copyOf(servers);
        parameters = Map.copyOf(parameters);
    }

    /**
     * What the keys say: {@code host}, {@code port} and {@code database}, or {@code jdbc-url}, never both.
     *
     * @throws IllegalArgumentException with a sentence that begins with the key
     */
    public static Endpoint of(
            @Nullable String jdbcUrl, @Nullable String host, @Nullable Integer port, @Nullable String database) {
        if (jdbcUrl != null) {
            if (host != null || port != null || database != null) {
                throw new IllegalArgumentException(
                        "jdbc-url is set beside host, port or database: say where the database is in one way only");
            }
            return JdbcUrl.parse(jdbcUrl);
        }
        if (host == null && port == null && database == null) {
            throw new IllegalArgumentException(
                    "host is missing: say where the database is, by host, port and database or by jdbc-url");
        }
        return new Endpoint(
                List.of(new Server(
                        said("host", "the database server", host), said("port", "the port of the server", port))),
                said("database", "the name of the database", database),
                Map.of());
    }

    private static <T> T said(String key, String meaning, @Nullable T value) {
        if (value == null || value.toString().isBlank()) {
            throw new IllegalArgumentException(key + " is missing: " + meaning);
        }
        return value;
    }

    /** {@code tasks on 10.0.0.5:5432}, for messages. */
    @Override
    public String toString() {
        return database + " on "
                + String.join(",", servers.stream().map(Server::toString).toList());
    }
}
