package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
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
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        pool = new DriverManagerDataSource(database.url(), database.user(), "postgres");
        jdbc = JdbcClient.create(pool);
        table = new MacKeyRepository(jdbc);
    }

    final class TestNode {
        final MacKeys keys = new MacKeys(table, wrapper, clock);
        final Nodes nodes;
        final MacRotation rotation;

        TestNode(String name) {
            nodes = TestNodes.of(jdbc, name, () -> List.of(new Loaded(KeyRing.REFRESH_MAC, keys::loaded)));
            rotation = new MacRotation(
                    keys, table, nodes, new TransactionTemplate(new JdbcTransactionManager(pool)), clock);
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
        TestNode first = new TestNode("auth-server-1");
        new TestNode("auth-server-2");
        String fresh = order();
        first.run();
        TestNodes.silent(jdbc, "auth-server-2", 115);
        first.run();
        assertThat(first.keys.ring().making()).isNotEqualTo(fresh);

        TestNodes.silent(jdbc, "auth-server-2", 121);
        first.run();

        assertThat(first.keys.ring().making()).isEqualTo(fresh);
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
    }

    @Test
    void oneNewKeyIsOnItsWayAtATime() throws Exception {
        new TestNode("auth-server-1");

        List<Boolean> made = Parallel.run(6, () -> {
            MacKeys.NewKey key = MacKeys.generate(wrapper);
            return table.insertVerifying(key.id(), key.secret(), clock.instant());
        });

        assertThat(made).filteredOn(it -> it).hasSize(1);
        assertThat(states()).hasSize(2);
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
        assertThat(table.insertVerifying(key.id(), key.secret(), clock.instant()))
                .isTrue();
        return key.id();
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
