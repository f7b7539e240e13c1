package dev.firebreak.auth.node;

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Nodes for the tests of other modules. */
public final class TestNodes {
    private TestNodes() {}

    /** A node of that name on that database. */
    public static Nodes of(JdbcClient jdbc, String name, Supplier<List<Loaded>> rings) {
        return new Nodes(new NodeRepository(jdbc), name, rings);
    }

    /** Lets a node report once that has loaded just this; it lives until it is forgotten or removed. */
    public static void report(JdbcClient jdbc, String name, List<String> wrappingKeys, List<String> macKeys) {
        remove(jdbc, name);
        new NodeRepository(jdbc).save(new Node(name, UUID.randomUUID(), wrappingKeys, macKeys));
    }

    /** As if the node had stopped cleanly. */
    public static void remove(JdbcClient jdbc, String name) {
        jdbc.sql("DELETE FROM auth_node WHERE name = :name").param("name", name).update();
    }

    /** As if the node had been silent for so long. */
    public static void silent(JdbcClient jdbc, String name, int seconds) {
        jdbc.sql(
                        "UPDATE auth_node SET last_seen = clock_timestamp() - make_interval(secs => :seconds) WHERE name = :name")
                .param("seconds", seconds)
                .param("name", name)
                .update();
    }
}
