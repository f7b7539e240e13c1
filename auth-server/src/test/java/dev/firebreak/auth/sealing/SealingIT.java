package dev.firebreak.auth.sealing;

import static dev.firebreak.auth.sealing.TestKeyFile.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.node.TestNodes;
import dev.firebreak.starter.test.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole server whose key file is changed under it. */
class SealingIT {
    static final Duration SOON = Duration.ofSeconds(30);
    static final String PROGRESS = "/auth/internal/v1/ops/sealing";

    static TestServer server;
    static JdbcClient jdbc;

    @BeforeAll
    static void start() {
        server = new TestServer(4);
        jdbc = server.bean(JdbcClient.class);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Whoever adds a sealed column and forgets to say so would lose it at the next rotation. */
    @Test
    void everyColumnOfAWrappingKeyIsAnnouncedByItsModule() {
        List<String> existing = jdbc.sql("""
                SELECT table_name FROM information_schema.columns
                 WHERE column_name = 'wrapping_key_id' AND table_schema = 'public'
                """).query(String.class).list();
        Map<String, SealedColumn> announced = server.bean(SealedRowRepository.class).columns().stream()
                .collect(Collectors.toMap(SealedColumn::table, it -> it));

        assertThat(announced.keySet())
                .containsExactlyInAnyOrderElementsOf(existing)
                .isNotEmpty();
        announced
                .values()
                .forEach(column -> assertThat(jdbc.sql("""
                        SELECT column_name FROM information_schema.columns WHERE table_name = :table
                        """)
                                .param("table", column.table())
                                .query(String.class)
                                .list())
                        .contains(column.idColumn(), column.column()));
    }

    @Test
    void aRotationWithoutARestartKeepsEverySignInAndEverySignInUnderWay() throws Exception {
        TestPeople people = new TestPeople(jdbc, server.clock);
        String refresh = server.oauth.tokens(people.signIn()).text("refresh_token");
        TestBrowser browser = new TestBrowser(server.port());
        TestBrowser.Page form = browser.get("/auth/login");
        String formerLine =
                Files.readString(server.deployment.wrappingKeyFile()).strip();
        String former = String.valueOf(progress().get("current"));
        assertThat(progress()).containsEntry("done", true).containsEntry("waits_for", List.of());

        TestNodes.report(jdbc, "auth-server-slow", List.of(former), List.of());
        write(TestKeyFile.line('n') + "\n" + formerLine + "\n");
        Eventually.within(
                SOON,
                "the other node is waited for",
                () -> progress().get("waits_for").equals(List.of("auth-server-slow")));
        assertThat(progress()).containsEntry("current", id('n')).containsEntry("done", false);
        assertThat(rows()).containsEntry(id('n'), 0L).hasSize(2);

        TestNodes.remove(jdbc, "auth-server-slow");
        Eventually.within(
                SOON, "everything is re-wrapped", () -> progress().get("done").equals(true));
        assertThat(rows()).containsEntry(former, 0L);
        assertThat(browser.signIn(form, "nobody@example.com", "wrong").body())
                .as("the form of before is still one of ours")
                .doesNotContain("was not made by this site")
                .contains("not right");
        write(TestKeyFile.line('n') + "\n");
        Eventually.within(SOON, "the old key is out of the file", () -> rows().size() == 1);
        assertThat(ready()).isEqualTo("{\"status\":\"ok\",\"reasons\":[]}");
        assertThat(TestOAuth.requireOk(server.oauth.refresh(refresh)).text("refresh_token"))
                .isNotBlank();
    }

    @Test
    void aWrongFileAndAMissingKeyAreReasonsOfReadiness() throws Exception {
        byte[] good = Files.readAllBytes(server.deployment.wrappingKeyFile());
        write("rubbish\n");
        Eventually.within(SOON, "the file is stale", () -> ready().contains("sealing.key_file_stale"));
        Files.write(server.deployment.wrappingKeyFile(), good);
        Eventually.within(SOON, "the file is good", () -> ready().contains("\"ok\""));

        jdbc.sql("""
                INSERT INTO refresh_mac_key (id, state, sealed_secret, wrapping_key_id, created_at, made_until)
                VALUES ('mlost', 'old', '\\x01', 'f-lost', now(), now())
                """).update();
        Eventually.within(SOON, "a key is missing", () -> ready().contains("sealing.key_missing"));
        assertThat(ready()).contains("degraded");
        assertThat(rows()).containsEntry("f-lost", 1L);
        assertThat(keys())
                .anySatisfy(key -> assertThat(key).containsEntry("id", "f-lost").containsEntry("in_file", false));
        jdbc.sql("DELETE FROM refresh_mac_key WHERE id = 'mlost'").update();
        Eventually.within(SOON, "no key is missing", () -> ready().contains("\"ok\""));
    }

    private static void write(String content) throws IOException {
        Files.writeString(server.deployment.wrappingKeyFile(), content);
    }

    private static Map<String, Object> progress() {
        return TestOAuth.requireOk(server.oauth.send(server.oauth.internal(PROGRESS, "operator-cli")))
                .json();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> keys() {
        return (List<Map<String, Object>>) progress().get("keys");
    }

    private static Map<String, Long> rows() {
        Map<String, Long> rows = new TreeMap<>();
        keys().forEach(key -> rows.put(String.valueOf(key.get("id")), ((Number) key.get("rows")).longValue()));
        return rows;
    }

    private static String ready() {
        return server.oauth.send(server.oauth.get("/readyz")).raw().body();
    }
}
