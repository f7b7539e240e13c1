package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.JournalEntry;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.auth.grant.RefreshTokens.Outcome;
import dev.firebreak.auth.node.KeyRing;
import dev.firebreak.auth.node.Loaded;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.node.TestNodes;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.contracts.error.RefreshKeyError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.http.HttpRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Keys of refresh tokens in the wrong hands: a whole server, and beside it nodes that have not heard. */
class MacEmergencyIT {
    static final String KEYS = "/auth/internal/v1/ops/refresh-keys";
    static final String LATE = "auth-server-late";

    TestServer server;
    JdbcClient jdbc;
    TestPeople people;
    MacKeys keys;

    @BeforeEach
    void start() {
        server = new TestServer(8);
        jdbc = server.bean(JdbcClient.class);
        people = new TestPeople(jdbc, server.clock);
        keys = server.bean(MacKeys.class);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void endsEverySignInSaysHowManyAndLetsPeopleSignInAgain() {
        String old = making();
        TestPeople.SignedIn ada = people.signIn();
        String hers = refreshToken(ada);
        rotate();
        String leaked = making();
        String his = refreshToken(people.signIn());

        Answer dry = order("?dry_run=true", "{\"reason\":\"found in a heap dump\"}");

        assertThat(dry.json()).containsEntry("signed_out", 2L).containsEntry("dry_run", true);
        assertThat(making()).as("a question changes nothing").isEqualTo(leaked);
        assertThat(live()).isEqualTo(2);

        Answer done = TestOAuth.requireOk(order("", "{\"reason\":\"found in a heap dump\"}"));

        String fresh = making();
        assertThat(done.json())
                .containsEntry("signed_out", 2L)
                .containsEntry("missing", List.of())
                .containsEntry(
                        "changes",
                        List.of(
                                change(fresh, null, "making"),
                                change(old, "old", "revoked"),
                                change(leaked, "making", "revoked")));
        assertThat(effective(done)).containsOnlyKeys("auth-server-1");
        System.out.println("[refresh-key emergency] no node accepts the keys after " + effective(done));
        assertThat(effective(done).get("auth-server-1")).isLessThan(5_000L);
        assertThat(live()).isZero();
        for (String token : List.of(hers, his)) {
            Answer refused = server.oauth.refresh(token);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("error")).isEqualTo("invalid_grant");
        }
        assertThat(counted("key_revoked")).isEqualTo(2);
        assertThat(states())
                .containsEntry(old, "revoked")
                .containsEntry(leaked, "revoked")
                .containsEntry(fresh, "making");

        String again = refreshToken(ada);
        assertThat(again).startsWith("rt1." + fresh + ".");
        assertThat(server.oauth.refresh(again).status()).isEqualTo(200);
    }

    @Test
    void leavesALineInTheJournalForEachKey() {
        String leaked = making();

        Answer done = TestOAuth.requireOk(order("", "{\"reason\":\"found in a heap dump\"}"));

        Journal journal = new Journal(jdbc, server.clock);
        List<JournalEntry> lines = journal.after(0, 100).stream()
                .filter(line -> line.subject().kind().equals(Subject.REFRESH_KEY)
                        && line.reason().equals("found in a heap dump"))
                .toList();
        assertThat(lines)
                .extracting(
                        JournalEntry::action, line -> line.subject().id(), JournalEntry::before, JournalEntry::after)
                .containsExactly(
                        tuple("prepare", making(), null, "old"),
                        tuple("promote", making(), "old", "making"),
                        tuple("revoke", leaked, "making", "revoked"));
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.actor()).startsWith("client operator-cli");
            assertThat(line.reason()).isEqualTo("found in a heap dump");
        });
        assertThat(done.json()).containsEntry("journal_seq", lines.getLast().seq());
        assertThat(journal.verify().brokenAt()).isNull();
    }

    @Test
    void aNodeThatHasNotHeardIsNamedAndRenewsNothingAllTheSame() {
        String leaked = making();
        String token = refreshToken(people.signIn());
        MacKeys late = new MacKeys(
                new MacKeyRepository(jdbc), server.bean(MacMoves.class), server.bean(KeyWrapper.class), server.clock);
        Nodes lateNode = TestNodes.of(jdbc, LATE, () -> List.of(new Loaded(KeyRing.REFRESH_MAC, late::loaded)));
        late.refresh();
        lateNode.report();
        RefreshTokens atLate =
                new RefreshTokens(new FamilyRepository(jdbc), late, server.clock, new SimpleMeterRegistry());

        Answer done = TestOAuth.requireOk(order("", "{\"reason\":\"found in a heap dump\"}"));

        assertThat(done.json()).containsEntry("missing", List.of(LATE));
        assertThat(done.json().get("says").toString()).contains("though " + LATE + " had not loaded it");
        assertThat(effective(done)).containsOnlyKeys("auth-server-1");
        assertThat(late.loaded()).as("it still takes the key for good").contains(leaked);
        assertThat(atLate.refresh(token, "gateway", true)).isEqualTo(new Outcome.Refused("ended"));

        late.refresh();
        lateNode.report();

        assertThat(late.loaded()).containsExactly(making());
        assertThat(atLate.refresh(token, "gateway", true)).isEqualTo(new Outcome.Refused("key_revoked"));
        assertThat(atLate.refresh(forged(leaked, UUID.randomUUID()), "gateway", true))
                .isEqualTo(new Outcome.Refused("key_revoked"));
    }

    @Test
    void aSignInThatTheLeakedKeyCannotHaveTouchedGoesOn() {
        String untouched = refreshToken(people.signIn());
        server.clock.advance(Duration.ofMinutes(10));
        rotate();
        String leaked = making();
        String stolen = forged(leaked, family(untouched));
        String touched = refreshToken(people.signIn());

        Answer done = TestOAuth.requireOk(order("", "{\"kid\":\"" + leaked + "\",\"reason\":\"seen in a log\"}"));

        assertThat(done.json()).containsEntry("signed_out", 1L);
        assertThat(server.oauth.refresh(touched).text("error")).isEqualTo("invalid_grant");
        assertThat(server.oauth.refresh(stolen).text("error")).isEqualTo("invalid_grant");
        server.clock.advance(Duration.ofSeconds(1));
        assertThat(TestOAuth.requireOk(server.oauth.refresh(untouched)).text("refresh_token"))
                .startsWith("rt1." + making() + ".");
        assertThat(TestOAuth.requireOk(order("", "{\"kid\":\"" + leaked + "\",\"reason\":\"its answer was lost\"}"))
                        .json())
                .as("nor does the order once more end it")
                .containsEntry("signed_out", 0L);
        assertThat(live()).isEqualTo(1);
    }

    /** A thief who refreshes one family without a pause, so that its row is never free. */
    @Test
    void endsASignInWhoseRowIsNeverFree() throws Exception {
        UUID hammered = family(refreshToken(people.signIn()));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch held = new CountDownLatch(3);
        try (ExecutorService thieves = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(thieves.submit(() -> {
                    try (Connection connection = database()) {
                        while (!stop.get()) {
                            hold(connection, hammered);
                            held.countDown();
                            execute(connection, "SELECT pg_sleep(0.05)");
                            connection.commit();
                        }
                    }
                    return null;
                }));
            }
            held.await();

            Answer done = TestOAuth.requireOk(order("", "{\"reason\":\"found in a heap dump\"}"));

            stop.set(true);
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(done.json()).containsEntry("signed_out", 1L).containsEntry("alive", 0L);
        }
        assertThat(live()).isZero();
    }

    @Test
    void saysHowManyLiveOnAndTheSameOrderGoesOnWithThem() throws Exception {
        String leaked = making();
        UUID stuck = family(refreshToken(people.signIn()));
        refreshToken(people.signIn());
        rotate();
        String body = "{\"kid\":\"" + leaked + "\",\"reason\":\"in an old backup\"}";
        try (Connection somebody = database()) {
            hold(somebody, stuck);

            Answer first = TestOAuth.requireOk(order("", body));

            assertThat(first.json()).containsEntry("signed_out", 1L).containsEntry("alive", 1L);
            assertThat(first.json().get("says").toString())
                    .contains("LIVE ON, because their rows were busy: 1.", "--kid " + leaked);
            somebody.rollback();
        }
        server.clock.advance(Duration.ofSeconds(1));
        refreshToken(people.signIn());

        assertThat(order("?dry_run=true", body).json()).containsEntry("signed_out", 1L);
        Answer again = TestOAuth.requireOk(order("", body));

        assertThat(again.json())
                .containsEntry("signed_out", 1L)
                .containsEntry("alive", 0L)
                .containsEntry("changes", List.of(change(leaked, "revoked", "revoked")));
        assertThat(live()).as("who has signed in since stays").isEqualTo(1);
        assertThat(TestOAuth.requireOk(order("", body)).json()).containsEntry("signed_out", 0L);
    }

    /** The maker exchanged the old key's forged tokens for its own: nobody can say for which families. */
    @Test
    void anOldKeyEndsEverySignInThoughAnotherMakesTheTokens() {
        String leaked = making();
        String before = refreshToken(people.signIn());
        rotate();
        String maker = making();
        String stolen = TestOAuth.requireOk(server.oauth.refresh(before)).text("refresh_token");
        assertThat(stolen).startsWith("rt1." + maker + ".");

        Answer done = TestOAuth.requireOk(order("", "{\"kid\":\"" + leaked + "\",\"reason\":\"in an old backup\"}"));

        assertThat(done.json())
                .containsEntry("signed_out", 1L)
                .containsEntry("changes", List.of(change(leaked, "old", "revoked")));
        assertThat(making()).isEqualTo(maker);
        assertThat(server.oauth.refresh(stolen).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void refusesAKeyThatIsNotThere() {
        String body = "{\"kid\":\"" + making() + "\",\"reason\":\"seen in a log\"}";

        assertThat(order("", "{\"kid\":\"m9\",\"reason\":\"seen in a log\"}").status())
                .isEqualTo(404);
        assertThat(order("", "{\"kid\":\"no key!\",\"reason\":\"seen in a log\"}")
                        .status())
                .isEqualTo(400);
        assertThat(order("", "{}").status()).isEqualTo(400);
        assertThat(order("", "{\"reason\":\"a\\u2028forged line\"}").status()).isEqualTo(400);
        assertThat(server.oauth
                        .send(server.oauth
                                .internal(KEYS + "/emergency", "gateway")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body)))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void ofTwoOrdersAtOnceOnTwoNodesOneIsCarriedOut() throws Exception {
        List<MacEmergency> nodes = List.of(emergency(), emergency());
        AtomicInteger next = new AtomicInteger();

        List<String> outcomes = Parallel.run(2, () -> {
            try {
                nodes.get(next.getAndIncrement()).give(order(null));
                return "done";
            } catch (ServiceException e) {
                return e.error().code();
            }
        });

        assertThat(outcomes).containsExactlyInAnyOrder("done", RefreshKeyError.CHANGED.code());
        assertThat(states().values()).containsOnlyOnce("making");
    }

    @Test
    void nothingMovesWhenAnotherOrderTookTheKeyBackMeanwhile() {
        String leaked = making();
        MacKeyRepository table = new MacKeyRepository(jdbc);
        MacEmergency slow = emergency(() -> table.revoke(
                leaked,
                MacKeyState.MAKING,
                MacKeys.revocation(server.bean(KeyWrapper.class), leaked),
                server.clock.instant()));
        refreshToken(people.signIn());

        assertThatThrownBy(() -> slow.give(order(leaked)))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.error()).isEqualTo(RefreshKeyError.CHANGED));

        assertThat(live()).isEqualTo(1);
    }

    /** An ordinary rotation ends in the seconds in which nodes load the key that is to take over. */
    @Test
    void isCarriedOutThoughARotationEndsMeanwhile() {
        String leaked = making();
        String prepared = prepareForNobody();
        refreshToken(people.signIn());

        MacEmergency.Answer done = emergency(promoting(prepared, leaked)).give(order(null));

        awaitRing();
        assertThat(done.signedOut()).isEqualTo(1);
        assertThat(done.changes())
                .containsExactly(
                        new MacEmergency.Change(making(), null, "making"),
                        new MacEmergency.Change(leaked, "old", "revoked"),
                        new MacEmergency.Change(prepared, "making", "revoked"));
        assertThat(states()).containsEntry(leaked, "revoked").containsEntry(prepared, "revoked");
        assertThat(states().values()).containsOnlyOnce("making");
    }

    /** Named alone it makes no tokens by then, so nobody can say for whom it has proved something. */
    @Test
    void theNamedKeyIsTakenBackThoughARotationReplacesItMeanwhile() {
        String leaked = making();
        refreshToken(people.signIn());
        server.clock.advance(Duration.ofMinutes(10));
        String prepared = prepareForNobody();

        MacEmergency.Answer done = emergency(promoting(prepared, leaked)).give(order(leaked));

        awaitRing();
        assertThat(done.changes()).containsExactly(new MacEmergency.Change(leaked, "old", "revoked"));
        assertThat(done.signedOut()).isEqualTo(1);
        assertThat(making()).isEqualTo(prepared);
    }

    /** Many thousand, in several batches. */
    @Test
    void endsMoreFamiliesThanOneStatementTakes() {
        refreshToken(people.signIn());
        jdbc.sql("""
                INSERT INTO refresh_family (id, sid, user_id, client_id, scopes, auth_time, amr, acr,
                                            generation, rotated_at, idle_until, expires_at, created_at)
                SELECT gen_random_uuid(), sid, user_id, client_id, scopes, auth_time, amr, acr,
                       1, rotated_at, idle_until, expires_at, created_at
                  FROM refresh_family, generate_series(1, 4999)
                """).update();

        Answer done = TestOAuth.requireOk(order("", "{\"reason\":\"found in a heap dump\"}"));

        assertThat(done.json()).containsEntry("signed_out", 5_000L);
        assertThat(live()).isZero();
    }

    /** Beside every pool, with a transaction open. */
    private Connection database() throws SQLException {
        Connection connection = server.openDatabase();
        execute(connection, "SET idle_in_transaction_session_timeout = 0");
        execute(connection, "SET lock_timeout = 0");
        connection.setAutoCommit(false);
        return connection;
    }

    /** Locks the row as a refresh does. */
    private static void hold(Connection connection, UUID family) throws SQLException {
        execute(connection, "UPDATE refresh_family SET late_replays = late_replays WHERE id = '" + family + "'");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static MacEmergency.Order order(@Nullable String id) {
        return new MacEmergency.Order(id, "seen in a log", Actor.automatic("test"), false);
    }

    /** A key on its way that no loop promotes, because one node never loads it. */
    private String prepareForNobody() {
        TestNodes.report(jdbc, LATE, List.of(), List.of());
        MacKeys.NewKey key = MacKeys.generate(server.bean(KeyWrapper.class));
        new MacKeyRepository(jdbc).insertVerifying(key.id(), key.secret(), server.clock.instant());
        return key.id();
    }

    private Runnable promoting(String prepared, String former) {
        return () -> {
            TestNodes.remove(jdbc, LATE);
            server.bean(MacMoves.class).promote(prepared, former, server.clock.instant());
        };
    }

    /** An emergency given past the server hurries no loop of it. */
    private void awaitRing() {
        Eventually.within(
                Duration.ofSeconds(20),
                "the ring is as the table",
                () -> jdbc.sql("SELECT id FROM refresh_mac_key WHERE state = 'making'")
                        .query(String.class)
                        .single()
                        .equals(making()));
    }

    private MacEmergency emergency() {
        return emergency(() -> {});
    }

    private MacEmergency emergency(Runnable hurry) {
        return new MacEmergency(
                new MacKeyRepository(jdbc),
                new FamilyRepository(jdbc),
                server.bean(MacMoves.class),
                server.bean(KeyWrapper.class),
                server.bean(Nodes.class),
                new Journal(jdbc, server.clock),
                new TransactionTemplate(server.bean(PlatformTransactionManager.class)),
                server.clock,
                hurry);
    }

    private Answer order(String query, String body) {
        return server.oauth.send(server.oauth
                .internal(KEYS + "/emergency" + query, "operator-cli")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void rotate() {
        String former = making();
        MacKeys.NewKey key = MacKeys.generate(server.bean(KeyWrapper.class));
        new MacKeyRepository(jdbc).insertVerifying(key.id(), key.secret(), server.clock.instant());
        Eventually.within(Duration.ofSeconds(20), "another key makes", () -> !former.equals(making()));
    }

    private String refreshToken(TestPeople.SignedIn person) {
        return server.oauth.tokens(person).text("refresh_token");
    }

    /** What somebody who has the key makes for the family: its first token. */
    private String forged(String key, UUID family) {
        return new MacRing(keys.ring().keys(), key).keys().containsKey(key)
                ? new MacRing(keys.ring().keys(), key).make(family, 1, "gateway")
                : RefreshToken.format(key, family, 1, new byte[32]);
    }

    private static UUID family(String token) {
        return UUID.fromString(token.split("\\.")[2]);
    }

    private String making() {
        return String.valueOf(keys.ring().making());
    }

    private long live() {
        return jdbc.sql("SELECT count(*) FROM refresh_family WHERE revoked_at IS NULL")
                .query(Long.class)
                .single();
    }

    private double counted(String outcome) {
        return server.bean(MeterRegistry.class)
                .counter("auth.refresh", "outcome", outcome)
                .count();
    }

    private static Map<String, Object> change(String kid, String before, String after) {
        Map<String, Object> change = new java.util.LinkedHashMap<>();
        change.put("kid", kid);
        change.put("before", before);
        change.put("after", after);
        return change;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Long> effective(Answer answer) {
        Map<String, Long> effective = new java.util.TreeMap<>();
        for (Map<String, Object> one : (List<Map<String, Object>>) answer.json().get("effective")) {
            effective.put((String) one.get("verifier"), (Long) one.get("after_ms"));
        }
        return effective;
    }

    @SuppressWarnings("unchecked")
    private Map<String, String> states() {
        Map<String, String> states = new java.util.TreeMap<>();
        List<Map<String, Object>> list = new ArrayList<>((List<Map<String, Object>>)
                TestOAuth.requireOk(server.oauth.send(server.oauth.internal(KEYS, "operator-cli")))
                        .json()
                        .get("keys"));
        list.forEach(key -> states.put((String) key.get("id"), (String) key.get("state")));
        return states;
    }
}
