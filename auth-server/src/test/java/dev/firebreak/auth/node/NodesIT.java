package dev.firebreak.auth.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.TestPostgres;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class NodesIT {
    JdbcClient jdbc;

    @BeforeEach
    void database() {
        TestPostgres.Database database = TestPostgres.migrated();
        jdbc = JdbcClient.create(new DriverManagerDataSource(database.url(), database.user(), "postgres"));
    }

    @Test
    void tellEachOtherWhatTheyHaveLoaded() {
        Nodes first = node("auth-server-1", List.of("f-2", "f-1"), List.of("m1"));
        Nodes second = node("auth-server-2", List.of("f-1"), List.of());
        first.report();
        second.report();

        assertThat(first.read())
                .isEqualTo(second.lastRead())
                .extracting(Node::name)
                .containsExactly("auth-server-1", "auth-server-2");
        assertThat(second.read().getFirst().wrappingKeys()).containsExactly("f-2", "f-1");
        assertThat(second.read().getFirst().macKeys()).containsExactly("m1");
        assertThat(second.read().getLast().macKeys()).isEmpty();
        assertThat(first.lastRead()).as("read when the second was not there").hasSize(1);
    }

    @Test
    void areWaitedForUntilTheyHaveBeenSilentForTwoMinutes() {
        TestNodes.movableClock(jdbc);
        Nodes first = node("auth-server-1", List.of(), List.of());
        first.report();
        TestNodes.advance(jdbc, 60, first);
        node("auth-server-2", List.of(), List.of()).report();

        TestNodes.advance(jdbc, 110, first);
        assertThat(names(first)).containsExactly("auth-server-1", "auth-server-2");
        TestNodes.advance(jdbc, 11, first);
        assertThat(names(first)).containsExactly("auth-server-1");

        assertThat(rows()).as("and their row goes").isEqualTo(1);
    }

    @Test
    void areWaitedForAfterAnOutageOfTheDatabaseUntilTheyHaveHadTheTimeToComeBack() {
        TestNodes.movableClock(jdbc);
        Nodes first = node("auth-server-1", List.of(), List.of());
        Nodes second = node("auth-server-2", List.of(), List.of());
        TestNodes.advance(jdbc, 180, first, second);

        // Nobody reports.
        TestNodes.advance(jdbc, 600);

        assertThat(names(first)).as("before its own report").containsExactly("auth-server-1", "auth-server-2");
        first.report();
        assertThat(names(first)).containsExactly("auth-server-1", "auth-server-2");
        assertThat(first.lastRead()).hasSize(2);
        TestNodes.advance(jdbc, 119, first);
        assertThat(names(first)).containsExactly("auth-server-1", "auth-server-2");
        TestNodes.advance(jdbc, 2, first);
        assertThat(names(first)).as("it does not come back").containsExactly("auth-server-1");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void areWaitedForAfterAnOutageThatIsALittleShorterThanTheTimeOfForgetting() {
        TestNodes.movableClock(jdbc);
        Nodes first = node("auth-server-1", List.of(), List.of());
        Nodes second = node("auth-server-2", List.of(), List.of());
        TestNodes.advance(jdbc, 180, first, second);
        TestNodes.advance(jdbc, 2, first);

        TestNodes.advance(jdbc, 119);

        assertThat(names(first)).containsExactly("auth-server-1", "auth-server-2");
        first.report();
        assertThat(names(first)).containsExactly("auth-server-1", "auth-server-2");
    }

    @Test
    void areWaitedForByOneThatHasJustStarted() {
        TestNodes.movableClock(jdbc);
        node("auth-server-2", List.of(), List.of()).report();
        TestNodes.advance(jdbc, 600);
        Nodes fresh = node("auth-server-1", List.of(), List.of());

        fresh.report();

        assertThat(names(fresh)).containsExactly("auth-server-1", "auth-server-2");
        TestNodes.advance(jdbc, 121, fresh);
        assertThat(names(fresh)).containsExactly("auth-server-1");
    }

    @Test
    void takeTheirOwnRowAwayWhenTheyStop() {
        Nodes first = node("auth-server-1", List.of(), List.of());
        Nodes namesake = node("auth-server-1", List.of("f-1"), List.of());
        first.start();
        first.report();
        namesake.report();
        assertThat(rows()).as("one process does not hide another of its name").isEqualTo(2);

        first.stop();

        assertThat(namesake.read())
                .singleElement()
                .satisfies(node -> assertThat(node.wrappingKeys()).containsExactly("f-1"));
        assertThat(namesake.isIn(namesake.read())).isTrue();
        assertThat(first.isIn(first.read())).isFalse();
    }

    @Test
    void joinOnce() {
        Nodes node = node("auth-server-1", List.of(), List.of());
        node.join();
        TestNodes.remove(jdbc, "auth-server-1");

        node.join();

        assertThat(rows()).isZero();
        assertThat(node.isIn(node.read())).isFalse();
    }

    private Nodes node(String name, List<String> wrappingKeys, List<String> macKeys) {
        return TestNodes.of(
                jdbc,
                name,
                () -> List.of(
                        new Loaded(KeyRing.WRAPPING, () -> wrappingKeys),
                        new Loaded(KeyRing.REFRESH_MAC, () -> macKeys)));
    }

    private static List<String> names(Nodes nodes) {
        return nodes.read().stream().map(Node::name).toList();
    }

    private long rows() {
        return jdbc.sql("SELECT count(*) FROM auth_node").query(Long.class).single();
    }
}
