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

    /** Makes this database's clock one that tests move; for connections made from now on. */
    public static void movableClock(JdbcClient jdbc) {
        jdbc.sql("CREATE TABLE database_clock AS SELECT interval '0' AS ahead").update();
        jdbc.sql("""
                CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
                'SELECT pg_catalog.clock_timestamp() + ahead FROM public.database_clock'
                """).update();
        jdbc.sql("""
                DO $$ BEGIN
                    EXECUTE format('ALTER DATABASE %I SET search_path = public, pg_catalog', current_database());
                END $$
                """).update();
    }

    /** Lets time pass in a database with such a clock. */
    public static void advance(JdbcClient jdbc, int seconds) {
        jdbc.sql("UPDATE database_clock SET ahead = ahead + make_interval(secs => :seconds)")
                .param("seconds", seconds)
                .update();
    }

    /** Lets time pass in which only these nodes have the database and report. */
    public static void advance(JdbcClient jdbc, int seconds, Nodes... reporting) {
        for (int passed = 0; passed < seconds; passed += 10) {
            advance(jdbc, Math.min(10, seconds - passed));
            for (Nodes node : reporting) {
                node.report();
            }
        }
    }
}
