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
        Nodes first = node("auth-server-1", List.of(), List.of());
        first.report();
        node("auth-server-2", List.of(), List.of()).report();

        TestNodes.silent(jdbc, "auth-server-2", 110);
        assertThat(names(first)).containsExactly("auth-server-1", "auth-server-2");
        TestNodes.silent(jdbc, "auth-server-2", 121);
        assertThat(names(first)).containsExactly("auth-server-1");

        first.report();
        assertThat(rows()).as("and their row goes").isEqualTo(1);
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
