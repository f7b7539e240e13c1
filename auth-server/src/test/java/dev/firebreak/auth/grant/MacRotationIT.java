package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.node.KeyRing;
import dev.firebreak.auth.node.Loaded;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.node.TestNodes;
import dev.firebreak.auth.sealing.FileKeyWrapper;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Several nodes' loops over one database, run by hand. */
class MacRotationIT {
    static final UUID FAMILY = UUID.randomUUID();

    final MovableClock clock = new MovableClock();
    final KeyWrapper wrapper = FileKeyWrapper.load(new TestDeployment().wrappingKeyFile());
    DataSource pool;
    JdbcClient jdbc;
    MacKeyRepository table;
    Journal journal;

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        pool = new DriverManagerDataSource(database.url(), database.user(), "postgres");
        jdbc = JdbcClient.create(pool);
        table = new MacKeyRepository(jdbc);
        journal = new Journal(jdbc, clock);
    }

    MacMoves moves(String node) {
        return new MacMoves(
                new TransactionTemplate(new JdbcTransactionManager(pool)), table, journal, Actor.automatic(node));
    }

    final class TestNode {
        final MacMoves moves;
        final MacKeys keys;
        final Nodes nodes;
        final MacRotation rotation;

        TestNode(String name) {
            moves = moves(name);
            keys = new MacKeys(table, moves, wrapper, clock);
            nodes = TestNodes.of(jdbc, name, () -> List.of(new Loaded(KeyRing.REFRESH_MAC, keys::loaded)));
            rotation = new MacRotation(keys, moves, nodes, clock);
            nodes.start();
            run();
        }

        /** One round of both loops. */
        void run() {
            rotation.run();
            nodes.report();
        }

        String make() {
            return keys.ring().make(FAMILY, 1, "gateway");
        }

        boolean accepts(String token) {
            return keys.ring().made(RefreshToken.parse(token).orElseThrow(), "gateway");
        }
    }

    @Test
    void noTokenOfAnyNodeIsEverUnknownToAnotherOneDuringARotation() {
        TestNode first = new TestNode("auth-server-1");
        TestNode second = new TestNode("auth-server-2");
        String former = first.keys.ring().making();
        String fresh = order();

        first.run();
        first.run();
        assertThat(first.keys.loaded()).contains(fresh);
        assertThat(states())
                .as("the second node has not read it")
                .containsExactly(former + " making", fresh + " verifying");
        assertEachAcceptsTheOther(first, second);

        second.run();
        assertEachAcceptsTheOther(first, second);
        first.run();
        assertThat(states()).containsExactly(former + " old", fresh + " making");
        assertThat(first.make()).startsWith("rt1." + fresh + ".");
        assertThat(second.make()).as("has not noticed yet").startsWith("rt1." + former + ".");
        assertEachAcceptsTheOther(first, second);

        second.run();
        assertThat(second.make()).startsWith("rt1." + fresh + ".");
        assertEachAcceptsTheOther(first, second);
    }

    @Test
    void aNodeThatStopsCleanlyIsWaitedForNoLonger() {
        TestNode first = new TestNode("auth-server-1");
        TestNode second = new TestNode("auth-server-2");
        String fresh = order();
        first.run();
        first.run();
        assertThat(first.keys.ring().making()).isNotEqualTo(fresh);

        second.nodes.stop();
        first.run();

        assertThat(first.keys.ring().making()).isEqualTo(fresh);
    }

    @Test
    void aNodeThatWasKilledIsWaitedForUntilItIsForgotten() {
        TestNodes.movableClock(jdbc);
        TestNode first = new TestNode("auth-server-1");
        TestNodes.advance(jdbc, 60, first.nodes);
        new TestNode("auth-server-2");
        String fresh = order();
        first.run();
        TestNodes.advance(jdbc, 115, first.nodes);
        first.run();
        assertThat(first.keys.ring().making()).isNotEqualTo(fresh);

        TestNodes.advance(jdbc, 6, first.nodes);
        first.run();

        assertThat(first.keys.ring().making()).isEqualTo(fresh);
    }

    @Test
    void noKeyIsPromotedByTheFirstNodeThatIsBackAfterAnOutage() {
        TestNodes.movableClock(jdbc);
        TestNode first = new TestNode("auth-server-1");
        TestNode second = new TestNode("auth-server-2");
        TestNodes.advance(jdbc, 180, first.nodes, second.nodes);
        String fresh = order();
        TestNodes.advance(jdbc, 600);

        first.nodes.report();
        first.run();
        first.run();

        assertThat(first.keys.ring().making()).isNotEqualTo(fresh);
        second.run();
        first.run();
        assertThat(first.keys.ring().making()).as("when the other one is back").isEqualTo(fresh);
    }

    @Test
    void aNodeThatStartsDuringARotationKnowsTheNewKeyBeforeItCanBeUsed() {
        TestNode first = new TestNode("auth-server-1");
        String fresh = order();
        first.run();
        TestNode late = new TestNode("auth-server-2");

        first.run();

        assertThat(first.keys.ring().making()).isEqualTo(fresh);
        assertThat(late.accepts(first.make())).isTrue();
    }

    @Test
    void aNodeThatIsNotInTheTableDecidesNothing() {
        TestNode first = new TestNode("auth-server-1");
        String fresh = order();
        first.run();
        TestNodes.remove(jdbc, "auth-server-1");

        first.rotation.run();

        assertThat(first.keys.ring().making()).isNotEqualTo(fresh);
    }

    @Test
    void manyNodesAtOnceMakeOneChange() throws Exception {
        List<TestNode> nodes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            nodes.add(new TestNode("auth-server-" + i));
        }
        String former = nodes.getFirst().keys.ring().making();
        String fresh = order();
        nodes.forEach(node -> {
            node.keys.refresh();
            node.nodes.report();
        });

        AtomicInteger next = new AtomicInteger();
        Parallel.run(8, () -> {
            nodes.get(next.getAndIncrement()).run();
            return true;
        });

        assertThat(states()).containsExactly(former + " old", fresh + " making");
        assertThat(nodes).allSatisfy(node -> {
            node.run();
            assertThat(node.keys.ring().making()).isEqualTo(fresh);
        });
        assertThat(told()).as("each once").hasSize(4);
    }

    @Test
    void theJournalTellsOfEachMoveOnceAndOfWhoMadeIt() {
        TestNode first = new TestNode("auth-server-1");
        TestNode second = new TestNode("auth-server-2");
        String former = first.keys.ring().making();
        String fresh = order();
        first.run();
        second.run();
        first.run();
        second.run();
        clock.advance(Duration.ofDays(30).plusSeconds(1));
        second.run();
        first.run();

        assertThat(told())
                .containsExactly(
                        "prepare " + former + " null -> making by automatic auth-server-1: first key",
                        "prepare " + fresh + " null -> verifying by client test: every quarter",
                        "replace " + former + " making -> old by automatic auth-server-1: schedule: every node has it",
                        "promote " + fresh
                                + " verifying -> making by automatic auth-server-1: schedule: every node has it",
                        "delete " + former
                                + " old -> null by automatic auth-server-2: schedule: its last refresh token is dead");
        assertThat(journal.verify().brokenAt()).isNull();
    }

    @Test
    void aMoveThatFailsLeavesNoLine() {
        TestNode node = new TestNode("auth-server-1");
        String making = node.keys.ring().making();
        MacKeys.NewKey key = MacKeys.generate(wrapper);
        List<String> before = told();

        assertThat(node.moves.promote(key.id(), making, clock.instant()))
                .as("there is no such key to take over")
                .isFalse();
        assertThat(node.moves.makeFirst(key, clock.instant())).isFalse();
        assertThat(node.moves.delete(making, clock.instant())).isFalse();
        jdbc.sql("ALTER TABLE journal ADD CONSTRAINT full_up CHECK (action <> 'prepare') NOT VALID")
                .update();
        assertThatExceptionOfType(DataAccessException.class)
                .isThrownBy(() -> node.moves.prepare(key, Actor.client("test"), "in vain", clock.instant()));

        assertThat(told()).isEqualTo(before);
        assertThat(states()).as("and no line, no move").containsExactly(making + " making");
    }

    @Test
    void oneNewKeyIsOnItsWayAtATime() throws Exception {
        new TestNode("auth-server-1");

        List<Boolean> made = Parallel.run(
                6,
                () -> moves("any")
                        .prepare(MacKeys.generate(wrapper), Actor.client("test"), "at once", clock.instant()));

        assertThat(made).filteredOn(it -> it).hasSize(1);
        assertThat(states()).hasSize(2);
        assertThat(told()).hasSize(2);
    }

    @Test
    void theOldKeyIsDeletedThirtyDaysAfterItsLastToken() {
        TestNode node = new TestNode("auth-server-1");
        String former = node.keys.ring().making();
        String token = node.make();
        String fresh = order();
        node.run();
        node.run();
        assertThat(node.keys.ring().making()).isEqualTo(fresh);

        clock.advance(Duration.ofDays(29));
        node.run();
        assertThat(node.accepts(token)).isTrue();
        assertThat(states()).contains(former + " old");

        clock.advance(Duration.ofDays(1).plusSeconds(1));
        node.run();
        node.run();
        assertThat(states()).containsExactly(fresh + " making");
        assertThat(node.keys.loaded()).containsExactly(fresh);
    }

    @Test
    void aKeyThatDoesNotOpenTakesNothingFromTheOthers() {
        TestNode node = new TestNode("auth-server-1");
        String token = node.make();
        MacKeys.NewKey foreign = MacKeys.generate(FileKeyWrapper.load(new TestDeployment().wrappingKeyFile()));
        table.insertVerifying(foreign.id(), foreign.secret(), clock.instant());

        node.run();
        node.run();

        assertThat(node.keys.loaded()).doesNotContain(foreign.id());
        assertThat(node.accepts(token)).isTrue();
        assertThat(states()).as("so it never makes tokens").contains(foreign.id() + " verifying");
    }

    /** An emergency that broke off leaves such a key behind. */
    @Test
    void aHeldKeyIsLoadedAndMakesNoTokensByItself() {
        TestNode node = new TestNode("auth-server-1");
        String making = node.keys.ring().making();
        MacKeys.NewKey held = MacKeys.generate(wrapper);
        table.insertHeld(held.id(), held.secret(), clock.instant());

        node.run();
        node.run();

        assertThat(node.keys.loaded()).contains(held.id());
        assertThat(node.keys.ring().making()).isEqualTo(making);
        clock.advance(Duration.ofDays(30).plusSeconds(1));
        node.run();
        assertThat(states()).containsExactly(making + " making");
    }

    @Test
    void aRevokedKeyProvesNothingAtNodesThatHadItNorAtNewOnes() {
        TestNode first = new TestNode("auth-server-1");
        String leaked = first.keys.ring().making();
        String token = first.make();
        table.revoke(leaked, MacKeyState.MAKING, MacKeys.revocation(wrapper, leaked), clock.instant());

        first.run();
        TestNode second = new TestNode("auth-server-2");

        for (TestNode node : List.of(first, second)) {
            assertThat(node.accepts(token)).as("refused, not unknown").isFalse();
            assertThat(node.keys.loaded()).isEmpty();
            assertThat(node.keys.ring().revoked()).containsExactly(leaked);
        }
        clock.advance(Duration.ofDays(29));
        first.run();
        assertThat(states())
                .as("its tokens are refused for as long as one could live")
                .containsExactly(leaked + " old");
    }

    private String order() {
        MacKeys.NewKey key = MacKeys.generate(wrapper);
        assertThat(moves("any").prepare(key, Actor.client("test"), "every quarter", clock.instant()))
                .isTrue();
        return key.id();
    }

    private List<String> told() {
        return journal.after(0, 100, Set.of(Subject.REFRESH_KEY)).stream()
                .map(entry -> "%s %s %s -> %s by %s: %s"
                        .formatted(
                                entry.action(),
                                entry.subject().id(),
                                entry.before(),
                                entry.after(),
                                entry.actor(),
                                entry.reason()))
                .toList();
    }

    private static void assertEachAcceptsTheOther(TestNode first, TestNode second) {
        assertThat(second.accepts(first.make())).isTrue();
        assertThat(first.accepts(second.make())).isTrue();
    }

    private List<String> states() {
        return table.list().stream()
                .map(key -> key.id() + " " + key.state().wireName())
                .toList();
    }
}
