package dev.firebreak.auth.node;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * SQL on {@code auth_node}. Times are the database's own: whether a node lives must not hang on how well the clocks of two
 * other nodes agree.
 */
final class NodeRepository {
    private static final String SEPARATOR = " ";

    private final JdbcClient jdbc;

    NodeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Inserts or renews the node's row. */
    void save(Node node) {
        jdbc.sql("""
                INSERT INTO auth_node (name, instance, last_seen, wrapping_keys, refresh_mac_keys)
                VALUES (:name, :instance, clock_timestamp(),
                        string_to_array(:wrappingKeys, ' '), string_to_array(:macKeys, ' '))
                ON CONFLICT (name, instance) DO UPDATE
                   SET last_seen = EXCLUDED.last_seen,
                       wrapping_keys = EXCLUDED.wrapping_keys,
                       refresh_mac_keys = EXCLUDED.refresh_mac_keys
                """)
                .param("name", node.name())
                .param("instance", node.instance())
                .param("wrappingKeys", String.join(SEPARATOR, node.wrappingKeys()))
                .param("macKeys", String.join(SEPARATOR, node.macKeys()))
                .update();
    }

    /** Those that have reported within the time, by name. */
    List<Node> findSeenWithin(Duration time) {
        return jdbc.sql("""
                SELECT name, instance, array_to_string(wrapping_keys, ' ') AS wrapping_keys,
                       array_to_string(refresh_mac_keys, ' ') AS refresh_mac_keys
                  FROM auth_node
                 WHERE last_seen >= clock_timestamp() - make_interval(secs => :seconds)
                 ORDER BY name, instance
                """)
                .param("seconds", time.toSeconds())
                .query((row, n) -> new Node(
                        row.getString("name"),
                        row.getObject("instance", UUID.class),
                        ids(row.getString("wrapping_keys")),
                        ids(row.getString("refresh_mac_keys"))))
                .list();
    }

    private static List<String> ids(String joined) {
        return joined.isEmpty() ? List.of() : List.of(joined.split(SEPARATOR, -1));
    }

    void deleteNotSeenWithin(Duration time) {
        jdbc.sql("DELETE FROM auth_node WHERE last_seen < clock_timestamp() - make_interval(secs => :seconds)")
                .param("seconds", time.toSeconds())
                .update();
    }

    void delete(String name, UUID instance) {
        jdbc.sql("DELETE FROM auth_node WHERE name = :name AND instance = :instance")
                .param("name", name)
                .param("instance", instance)
                .update();
    }
}
