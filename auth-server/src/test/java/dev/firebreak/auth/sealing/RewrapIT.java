package dev.firebreak.auth.sealing;

import static dev.firebreak.auth.sealing.TestKeyFile.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.node.KeyRing;
import dev.firebreak.auth.node.Loaded;
import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.node.TestNodes;
import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Several nodes, each with a key file of its own, over one database. */
class RewrapIT {
    /** One with a text key as ours have, and one with a key of another type. */
    static final SealedColumn WORDS = new SealedColumn("sealed_word", "name", "sealed", "test");

    static final SealedColumn NUMBERED = new SealedColumn("sealed_number", "id", "sealed_value", "test");

    @TempDir
    Path folder;

    final MovableClock clock = new MovableClock();
    DataSource pool;
    JdbcClient jdbc;
    Journal journal;

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        pool = new DriverManagerDataSource(database.url(), database.user(), "postgres");
        jdbc = JdbcClient.create(pool);
        journal = new Journal(jdbc, clock);
        jdbc.sql("CREATE TABLE sealed_word (name text PRIMARY KEY, sealed bytea, wrapping_key_id text)")
                .update();
        jdbc.sql("CREATE TABLE sealed_number (id uuid PRIMARY KEY, sealed_value bytea, wrapping_key_id text)")
                .update();
    }

    /** A node as the application wires it, its loops run by hand. */
    final class TestNode {
        final TestKeyFile file;
        final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        final FileKeyWrapper wrapper;
        final Nodes nodes;
        final Rewrap rewrap;

        TestNode(String name, String keys) {
            this(name, keys, pool);
        }

        TestNode(String name, String keys, DataSource source) {
            file = new TestKeyFile(folder, keys);
            List<Loaded> rings = new ArrayList<>();
            nodes = TestNodes.of(jdbc, name, () -> rings);
            wrapper = FileKeyWrapper.load(
                    file.file,
                    () -> nodes.lastRead().stream().map(Node::wrappingKeys).toList());
            rings.add(new Loaded(KeyRing.WRAPPING, wrapper::keyIds));
            List<SealedColumn> columns = List.of(WORDS, NUMBERED);
            rewrap = new Rewrap(
                    new SealedRowRepository(JdbcClient.create(source), columns),
                    wrapper,
                    nodes,
                    new RewrapJournal(new Journal(JdbcClient.create(source), clock), Actor.automatic(name)),
                    new TransactionTemplate(new JdbcTransactionManager(source)),
                    clock,
                    new SealingMetrics(columns, metrics));
            nodes.report();
        }

        /** The operator changes its file, and its loops notice. */
        void keys(String keys) {
            file.holds(keys);
            wrapper.reload(clock.instant());
            nodes.report();
        }

        void run() {
            nodes.report();
            rewrap.run();
        }

        SealingProgress progress() {
            return rewrap.progress().orElseThrow();
        }

        double rows(String key) {
            return metrics.get("auth.sealed.rows")
                    .tag("table", "sealed_word")
                    .tag("key", key)
                    .gauge()
                    .value();
        }
    }

    @Test
    void aRotationOverTwoNodesEndsWithEverythingUnderTheNewKey() {
        TestNode first = new TestNode("auth-server-1", "a");
        TestNode second = new TestNode("auth-server-2", "a");
        insert(first, 120);
        assertThat(first.rows("current")).as("before the first look").isNaN();

        first.keys("ba");
        first.run();
        assertThat(first.progress().waitsFor()).containsExactly("auth-server-2");
        assertThat(first.progress().rows()).isEqualTo(Map.of(id('a'), 240L, id('b'), 0L));
        assertThat(first.progress().isDone()).isFalse();
        assertThat(first.rows("old")).isEqualTo(120);

        second.keys("ba");
        second.run();
        first.run();

        assertThat(second.progress().rows()).isEqualTo(Map.of(id('a'), 0L, id('b'), 240L));
        assertThat(first.progress().isDone()).isTrue();
        assertThat(first.rows("old")).isZero();
        assertThat(first.rows("current")).isEqualTo(120);
        first.keys("b");
        assertThat(first.progress().missing()).isEmpty();
        assertOpens(new TestNode("auth-server-3", "b"), 240);
    }

    @Test
    void nothingMovesWhileTwoNodesDisagreeSoThatNeitherUndoesTheOthersWork() {
        TestNode first = new TestNode("auth-server-1", "ba");
        TestNode second = new TestNode("auth-server-2", "ab");
        insert(first, 3);
        Map<String, Long> before = counts();

        for (int i = 0; i < 3; i++) {
            first.run();
            second.run();
        }

        assertThat(counts()).isEqualTo(before);
        assertThat(second.progress().waitsFor()).containsExactly("auth-server-1");
    }

    @Test
    void manyNodesAtOnceMoveEachRowOnce() throws Exception {
        List<TestNode> nodes = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            nodes.add(new TestNode("auth-server-" + i, "a"));
        }
        insert(nodes.getFirst(), 400);
        nodes.forEach(node -> node.keys("ba"));

        AtomicInteger next = new AtomicInteger();
        Parallel.run(4, () -> {
            nodes.get(next.getAndIncrement()).run();
            return true;
        });
        nodes.getFirst().run();

        assertThat(counts()).isEqualTo(Map.of(id('b'), 800L));
        double moved = nodes.stream()
                .flatMap(node -> node.metrics.find("auth.sealed.rewrapped").counters().stream())
                .mapToDouble(counter -> counter.count())
                .sum();
        assertThat(moved).isEqualTo(800);
        assertOpens(nodes.getLast(), 800);
        nodes.forEach(TestNode::run);
        assertThat(told())
                .as("once for all of them")
                .containsExactly("rewrap-begin b a -> b", "rewrap-end b null -> null");
    }

    @Test
    void theJournalTellsOfEachRotationOnceAlsoOfOneBackToAnEarlierKey() {
        TestNode node = new TestNode("auth-server-1", "a");
        insert(node, 3);
        node.run();
        assertThat(told()).as("nothing was moved").isEmpty();

        for (String keys : List.of("ba", "ab")) {
            node.keys(keys);
            node.run();
            node.run();
            TestNode restarted = new TestNode("auth-server-1", keys);
            restarted.run();
            // Else its row would wait for the next key.
            restarted.nodes.stop();
        }

        assertThat(told())
                .containsExactly(
                        "rewrap-begin b a -> b",
                        "rewrap-end b null -> null",
                        "rewrap-begin a b -> a",
                        "rewrap-end a null -> null");
        assertThat(journal.after(0, 1))
                .singleElement()
                .satisfies(entry -> assertThat(entry.actor()).isEqualTo("automatic auth-server-1"));
        assertThat(journal.verify().brokenAt()).isNull();
    }

    @Test
    void aNodeThatDiesInTheMiddleLeavesRowsThatOpenAndTheNextOneGoesOn() {
        TestNode doomed = new TestNode("auth-server-1", "a");
        insert(doomed, 300);
        doomed.keys("ba");
        jdbc.sql("""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF (SELECT count(*) FROM sealed_word WHERE wrapping_key_id = '%s') >= 120 THEN
                        PERFORM pg_terminate_backend(pg_backend_pid());
                    END IF;
                    RETURN NEW;
                END $$
                """.formatted(id('b'))).update();
        jdbc.sql("CREATE TRIGGER die BEFORE UPDATE ON sealed_word FOR EACH ROW EXECUTE FUNCTION die()")
                .update();

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(doomed::run);

        assertThat(counts())
                .as("two whole batches")
                .containsEntry(id('b'), 100L)
                .containsEntry(id('a'), 500L);
        assertOpens(doomed, 600);
        assertThat(told()).containsExactly("rewrap-begin b a -> b");
        jdbc.sql("DROP TRIGGER die ON sealed_word").update();
        TestNodes.remove(jdbc, "auth-server-1");
        TestNode other = new TestNode("auth-server-2", "ba");
        other.run();
        assertThat(other.progress().isDone()).isTrue();
        assertOpens(other, 600);
        assertThat(told()).containsExactly("rewrap-begin b a -> b", "rewrap-end b null -> null");
    }

    @Test
    void aRowThatDoesNotOpenStaysAsItIsAndKeepsItsKeyNeeded() {
        TestNode node = new TestNode("auth-server-1", "a");
        insert(node, 60);
        jdbc.sql("UPDATE sealed_word SET sealed = '\\x01' WHERE name IN ('word 7', 'word 9')")
                .update();
        node.keys("ba");

        node.run();
        node.run();

        assertThat(counts()).isEqualTo(Map.of(id('a'), 2L, id('b'), 118L));
        assertThat(node.progress().isDone()).isFalse();
        assertThat(told()).as("it has no end").containsExactly("rewrap-begin b a -> b");
        assertThat(jdbc.sql("SELECT name FROM sealed_word WHERE wrapping_key_id = :old ORDER BY name")
                        .param("old", id('a'))
                        .query(String.class)
                        .list())
                .containsExactly("word 7", "word 9");
    }

    @Test
    void aNewKeyThatReplacedTheOldOneInEveryFileStillReachesEveryRowAndTheOldOneGoesThen() {
        TestNode first = new TestNode("auth-server-1", "a");
        TestNode second = new TestNode("auth-server-2", "a");
        insert(first, 10);

        first.keys("b");
        first.run();
        assertThat(first.progress().missing())
                .extracting(SealedRowRepository.Count::rows)
                .containsExactly(10L, 10L);
        assertThat(first.rows("missing")).isEqualTo(10);
        assertThat(first.wrapper.wrap(new byte[] {1}, WORDS.place("x")).keyId())
                .as("the other node could not open what b sealed")
                .isEqualTo(id('a'));
        second.keys("b");
        second.run();
        first.run();

        assertThat(first.progress().missing()).isEmpty();
        assertThat(counts()).isEqualTo(Map.of(id('b'), 20L));
        assertThat(first.wrapper.keyIds()).containsExactly(id('b'), id('a'));
        clock.advance(Duration.ofMinutes(11));
        first.run();
        assertThat(first.wrapper.keyIds()).containsExactly(id('b'));
    }

    @Test
    void aNodeThatTheOthersHaveForgottenDropsNoKey() {
        TestNode first = new TestNode("auth-server-1", "a");
        insert(first, 3);
        first.keys("b");
        first.run();
        assertThat(first.progress().isDone()).isTrue();
        clock.advance(Duration.ofMinutes(11));
        // It was cut off for a while, and so was whoever else there is.
        TestNodes.remove(jdbc, "auth-server-1");

        first.rewrap.run();

        assertThat(first.wrapper.keyIds()).containsExactly(id('b'), id('a'));
        first.run();
        assertThat(first.wrapper.keyIds()).as("when it knows the others again").containsExactly(id('b'));
    }

    @Test
    void aStartWithoutANeededKeySaysWhichRowsNeedItAndTouchesNone() {
        insert(new TestNode("auth-server-1", "a"), 5);
        TestNodes.remove(jdbc, "auth-server-1");

        TestNode stranger = new TestNode("auth-server-1", "b");
        stranger.run();

        assertThat(stranger.progress().missing())
                .containsExactly(
                        new SealedRowRepository.Count("sealed_number", id('a'), 5),
                        new SealedRowRepository.Count("sealed_word", id('a'), 5));
        assertThat(counts()).isEqualTo(Map.of(id('a'), 10L));
        stranger.keys("ba");
        stranger.run();
        assertThat(stranger.progress().missing()).isEmpty();
        assertThat(stranger.progress().isDone()).isTrue();
    }

    @Test
    void valuesThatCannotBeToldOfDoNotMove() {
        TestNode node = new TestNode("auth-server-1", "a");
        insert(node, 3);
        node.keys("ba");
        jdbc.sql("ALTER TABLE journal ADD CONSTRAINT full_up CHECK (action <> 'rewrap-begin')")
                .update();

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(node::run);

        assertThat(counts()).isEqualTo(Map.of(id('a'), 6L));
        assertThat(told()).isEmpty();
    }

    /** With the short names that key files have here. */
    private List<String> told() {
        return journal.after(0, 100, Set.of(Subject.KEK)).stream()
                .map(entry -> "%s %s %s -> %s"
                        .formatted(entry.action(), entry.subject().id(), entry.before(), entry.after())
                        .replace(id('a'), "a")
                        .replace(id('b'), "b"))
                .toList();
    }

    private void insert(TestNode node, int each) {
        for (int i = 0; i < each; i++) {
            insert(node, WORDS, "word " + i, "word " + i);
            UUID id = UUID.randomUUID();
            insert(node, NUMBERED, id.toString(), id);
        }
        jdbc.sql("INSERT INTO sealed_word (name) VALUES (:name)")
                .param("name", UUID.randomUUID().toString())
                .update();
    }

    private void insert(TestNode node, SealedColumn column, String id, Object key) {
        Sealed sealed = node.wrapper.wrap(id.getBytes(StandardCharsets.UTF_8), column.place(id));
        jdbc.sql("INSERT INTO %s (%s, %s, wrapping_key_id) VALUES (:id, :value, :key)"
                        .formatted(column.table(), column.idColumn(), column.column()))
                .param("id", key)
                .param("value", sealed.value())
                .param("key", sealed.keyId())
                .update();
    }

    /** Every row still holds what was sealed into it. */
    private void assertOpens(TestNode node, int rows) {
        int opened = 0;
        for (SealedColumn column : List.of(WORDS, NUMBERED)) {
            opened += jdbc.sql(
                            "SELECT %s::text AS id, %s AS value, wrapping_key_id AS key FROM %s WHERE wrapping_key_id IS NOT NULL"
                                    .formatted(column.idColumn(), column.column(), column.table()))
                    .query((row, n) -> {
                        String id = row.getString("id");
                        byte[] secret =
                                node.wrapper.unwrap(row.getString("key"), row.getBytes("value"), column.place(id));
                        assertThat(new String(secret, StandardCharsets.UTF_8)).isEqualTo(id);
                        return id;
                    })
                    .list()
                    .size();
        }
        assertThat(opened).isEqualTo(rows);
    }

    private Map<String, Long> counts() {
        Map<String, Long> counts = new java.util.TreeMap<>();
        new SealedRowRepository(jdbc, List.of(WORDS, NUMBERED))
                .count()
                .forEach(count -> counts.merge(count.keyId(), count.rows(), Long::sum));
        return counts;
    }
}
