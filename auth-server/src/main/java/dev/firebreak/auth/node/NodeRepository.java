package dev.firebreak.auth.node;

import dev.firebreak.auth.platform.SqlTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * SQL on {@code auth_node}. Times are the database's own: whether a node lives must not hang on how well the clocks of two
 * other nodes agree.
 */
final class NodeRepository {
    private static final String SEPARATOR = " ";

    /** The asking node has had the database for as long as it takes to forget somebody, and still has it. */
    private static final String UNBROKEN = """
            (CAST(:since AS timestamptz) <= clock_timestamp() - make_interval(secs => :seconds)
             AND CAST(:reported AS timestamptz) >= clock_timestamp() - make_interval(secs => :break))\
            """;

    private final JdbcClient jdbc;

    NodeRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Inserts or renews the node's row; answers when, by the database's clock. */
    Instant save(Node node) {
        return jdbc.sql("""
                INSERT INTO auth_node (name, instance, last_seen, wrapping_keys, refresh_mac_keys)
                VALUES (:name, :instance, clock_timestamp(),
                        string_to_array(:wrappingKeys, ' '), string_to_array(:macKeys, ' '))
                ON CONFLICT (name, instance) DO UPDATE
                   SET last_seen = EXCLUDED.last_seen,
                       wrapping_keys = EXCLUDED.wrapping_keys,
                       refresh_mac_keys = EXCLUDED.refresh_mac_keys
                RETURNING last_seen
                """)
                .param("name", node.name())
                .param("instance", node.instance())
                .param("wrappingKeys", String.join(SEPARATOR, node.wrappingKeys()))
                .param("macKeys", String.join(SEPARATOR, node.macKeys()))
                .query((row, n) -> SqlTime.read(row, "last_seen"))
                .single();
    }

    /**
     * Those that are waited for, by name: who has reported within the time, and everybody as long as the asking node itself
     * has not had the database for so long without a break.
     *
     * @param contact of the asking node
     */
    List<Node> findWaitedFor(Duration time, Contact contact) {
        return withContact(jdbc.sql("""
                SELECT name, instance, array_to_string(wrapping_keys, ' ') AS wrapping_keys,
                       array_to_string(refresh_mac_keys, ' ') AS refresh_mac_keys
                  FROM auth_node
                 WHERE last_seen >= clock_timestamp() - make_interval(secs => :seconds) OR NOT (%s)
                 ORDER BY name, instance
                """.formatted(UNBROKEN)), time, contact)
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

    /** Removes who has been silent for so long, unless the asking node may be the one that was away. */
    void deleteNotSeenWithin(Duration time, Contact contact) {
        withContact(jdbc.sql("""
                DELETE FROM auth_node
                 WHERE last_seen < clock_timestamp() - make_interval(secs => :seconds) AND %s
                """.formatted(UNBROKEN)), time, contact).update();
    }

    private static JdbcClient.StatementSpec withContact(
            JdbcClient.StatementSpec statement, Duration time, Contact contact) {
        return statement
                .param("seconds", time.toSeconds())
                .param("since", SqlTime.of(contact.since()))
                .param("reported", SqlTime.of(contact.reportedAt()))
                .param("break", Contact.BREAK.toSeconds());
    }

    void delete(String name, UUID instance) {
        jdbc.sql("DELETE FROM auth_node WHERE name = :name AND instance = :instance")
                .param("name", name)
                .param("instance", instance)
                .update();
    }
}
