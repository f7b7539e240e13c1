package dev.firebreak.auth.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.audit.JournalEntry;
import dev.firebreak.auth.trust.EffectWatch;
import dev.firebreak.auth.trust.Verifier;
import dev.firebreak.contracts.error.KeyError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import java.sql.Connection;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two nodes and one database, over weeks. */
class KeyRotationIT {
    final MovableClock clock = new MovableClock();
    final TestDeployment deployment = new TestDeployment();
    final TestNode.FakeVerifiers verifiers = new TestNode.FakeVerifiers();
    DriverManagerDataSource database;
    JdbcClient jdbc;
    TestNode a;
    TestNode b;

    @BeforeEach
    void start() {
        TestPostgres.Database fresh = TestPostgres.migrated();
        database = new DriverManagerDataSource(fresh.url(), fresh.user(), "postgres");
        jdbc = JdbcClient.create(database);
        a = node("a", TestNode.policy());
        b = node("b", TestNode.policy());
        a.keys.refresh();
    }

    TestNode node(String name, KeyPolicy policy) {
        return new TestNode(name, database, deployment, policy, verifiers, clock);
    }

    @Test
    void aKeyIsReplacedEveryThirtyDaysByOneThatVerifiersHadADayBefore() {
        String first = active();
        assertThat(states()).containsExactly("active");

        pass(Duration.ofDays(29).minusMinutes(1));
        assertThat(states()).containsExactly("active");
        pass(Duration.ofMinutes(2));
        assertThat(states()).containsExactly("active", "published");
        pass(Duration.ofHours(24).minusMinutes(3));
        assertThat(active()).isEqualTo(first);
        pass(Duration.ofMinutes(4));
        assertThat(states()).containsExactly("retiring", "active");
        pass(Duration.ofMinutes(29));
        assertThat(states()).containsExactly("retiring", "active");
        pass(Duration.ofMinutes(2));
        assertThat(states()).containsExactly("retired", "active");

        assertThat(active()).isNotEqualTo(first);
        assertThat(jdbc.sql("SELECT count(*) FROM signing_key WHERE sealed_private IS NULL AND state = 'retired'")
                        .query(Long.class)
                        .single())
                .as("nobody can make it sign again")
                .isEqualTo(1);
        assertThat(a.journal.after(0, 100))
                .extracting(JournalEntry::action)
                .containsExactly(
                        "prepare",
                        "publish",
                        "activate",
                        "prepare",
                        "publish",
                        "confirm",
                        "replace",
                        "activate",
                        "retire");
        assertThat(a.journal.verify().brokenAt()).isNull();
    }

    /** Else it and somebody who holds what it waits for, and waits for the journal, would wait for one another. */
    @Test
    void nobodyWaitsForTheJournalWhileAMoveWaitsForSomethingElse() throws Exception {
        String first = active();
        long before = a.journal.head().seq();
        CompletableFuture<KeyAnswer> order;
        try (Connection revoking = database.getConnection();
                Connection noting = database.getConnection()) {
            revoking.setAutoCommit(false);
            revoking.createStatement().executeUpdate("UPDATE trust_state SET revocation_seq = revocation_seq + 1");
            order = CompletableFuture.supplyAsync(() -> a.orders.give(
                    new KeyOrder(KeyOrder.Kind.ROTATE, null, "leaked", false, true, null, false, "client test")));
            Eventually.within(
                    Duration.ofSeconds(10),
                    "the emergency waits for the number of its revocation",
                    () -> jdbc.sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
                                    .query(Long.class)
                                    .single()
                            > 0);

            noting.createStatement().executeQuery("SELECT seq FROM journal_head FOR UPDATE NOWAIT");

            revoking.rollback();
        }
        assertThat(order.get(20, TimeUnit.SECONDS).changes())
                .last()
                .satisfies(change -> assertThat(change.after()).isEqualTo(KeyState.ACTIVE));
        assertThat(a.journal.after(before, 100))
                .extracting(JournalEntry::action)
                .containsExactly("prepare", "publish", "emergency", "revoke", "activate");
        assertThat(active()).isNotEqualTo(first);
    }

    @Test
    void anActivationWaitsForAVerifierThatLacksTheKeyHoweverLong() {
        verifiers.live = List.of(verifier("gateway-1", 99), verifier("gateway-2", 1));
        String first = active();

        pass(Duration.ofDays(29).plusMinutes(1));
        pass(Duration.ofDays(3));

        assertThat(active()).isEqualTo(first);
        assertThat(states()).containsExactly("active", "published");
        assertThat(a.rotation.status().blocked() || b.rotation.status().blocked())
                .isTrue();
        assertThat(a.orders.report().plan().getLast().waitsFor()).containsExactly("gateway/gateway-2");

        verifiers.live = List.of(verifier("gateway-1", 99), verifier("gateway-2", 99));
        pass(Duration.ofSeconds(1));

        assertThat(active()).isNotEqualTo(first);
    }

    @Test
    void manyNodesAtOnceMakeEachStepOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            clock.advance(Duration.ofDays(29).plusMinutes(1));
            for (int step = 0; step < 3; step++) {
                List<TestNode> nodes = List.of(
                        a, b, node("c", TestNode.policy()), node("d", TestNode.policy()), node("e", TestNode.policy()));
                Parallel.run(nodes.size(), new NextOf(nodes));
                assertThat(states().stream().filter("active"::equals)).hasSize(1);
                clock.advance(Duration.ofHours(24));
            }
        }

        assertThat(jdbc.sql("SELECT count(*) FROM signing_key")
                        .query(Long.class)
                        .single())
                .isEqualTo(4);
        assertThat(a.journal.verify().brokenAt()).isNull();
    }

    private static final class NextOf implements Callable<Boolean> {
        private final AtomicInteger next = new AtomicInteger();
        private final List<TestNode> nodes;

        NextOf(List<TestNode> nodes) {
            this.nodes = nodes;
        }

        @Override
        public Boolean call() {
            nodes.get(next.getAndIncrement()).rotation.run();
            return true;
        }
    }

    @Test
    void anotherNodeGoesOnWhenTheOneWithTheLeaseIsGoneAndItCannotComeBackWithWhatItBelieved() {
        a.rotation.run();
        clock.advance(Duration.ofDays(29).plusMinutes(1));
        // a holds the lease and sleeps; its lease has long run out.
        b.rotation.run();
        assertThat(states()).containsExactly("active", "published");
        long fence =
                jdbc.sql("SELECT fence FROM signing_lease").query(Long.class).single();

        assertThat(a.moves.repository().holdsLease(fence - 1)).isFalse();
        a.rotation.run();

        assertThat(jdbc.sql("SELECT holder FROM signing_lease")
                        .query(String.class)
                        .single())
                .as("while b has it")
                .isEqualTo("b");
    }

    @Test
    void aMoveDecidedOnAnOlderTableDoesNotHappen() {
        KeyTable old = a.moves.read();
        b.orders.give(order(KeyOrder.Kind.PREPARE, null, false));

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> a.moves.move(old, "test", "late", clock.instant(), false, moving -> {
                    moving.prepare(SigningAlgorithm.ES256, false, false);
                    return moving;
                }))
                .extracting(ServiceException::error)
                .isEqualTo(KeyError.CHANGED);
        assertThat(states()).containsExactly("active", "staged");
    }

    @Test
    void aFreezeHoldsTheScheduleAndNotAnEmergency() {
        Instant now = clock.instant();
        KeyPolicy frozen = TestNode.policy(new KeyPolicy.Freeze(now, now.plus(Duration.ofDays(60)), "year's end"));
        TestNode node = node("frozen", frozen);
        String first = active();
        clock.advance(Duration.ofDays(40));
        node.rotation.run();
        clock.advance(Duration.ofDays(2));
        node.rotation.run();
        assertThat(active()).isEqualTo(first);

        assertRefused(node, order(KeyOrder.Kind.ACTIVATE, null, false), KeyError.FROZEN, "year's end");

        node.orders.give(emergency(null));
        assertThat(active()).isNotEqualTo(first);
    }

    @Test
    void operatorsMoveAKeyStepByStepAndAreToldWhyNot() {
        assertRefused(a, order(KeyOrder.Kind.PUBLISH, null, false), KeyError.NOT_FOUND, "no key that is staged");
        assertThat(a.orders.give(order(KeyOrder.Kind.PREPARE, null, false)).changes())
                .singleElement()
                .satisfies(change -> assertThat(change.after()).isEqualTo(KeyState.STAGED));
        assertRefused(a, order(KeyOrder.Kind.PREPARE, null, false), KeyError.ILLEGAL_MOVE, "prepared already");
        assertRefused(a, order(KeyOrder.Kind.ACTIVATE, null, false), KeyError.NOT_FOUND, "published");
        a.orders.give(order(KeyOrder.Kind.PUBLISH, null, false));
        assertRefused(a, order(KeyOrder.Kind.ACTIVATE, null, false), KeyError.TOO_EARLY, "--force");
        verifiers.live = List.of(verifier("gateway-1", 1));
        assertRefused(a, order(KeyOrder.Kind.ACTIVATE, null, true), KeyError.UNCONFIRMED, "gateway/gateway-1");
        verifiers.live = List.of(verifier("gateway-1", 99));

        String before = active();
        a.orders.give(order(KeyOrder.Kind.ACTIVATE, null, true));

        assertThat(active()).isNotEqualTo(before);
        assertRefused(a, order(KeyOrder.Kind.RETIRE, before, false), KeyError.TOO_EARLY, "retires by itself");
        assertRefused(a, order(KeyOrder.Kind.REVOKE, active(), false), KeyError.ILLEGAL_MOVE, "rotate --emergency");
        assertRefused(a, order(KeyOrder.Kind.RETIRE, "no-such", false), KeyError.NOT_FOUND, "no-such");
        a.orders.give(order(KeyOrder.Kind.REVOKE, before, false));
        assertThat(states()).containsExactly("revoked", "active");
    }

    @Test
    void aDryRunSaysWhatWouldHappenAndChangesNothing() {
        String before = active();
        long journal = a.journal.head().seq();

        KeyAnswer answer =
                a.orders.give(new KeyOrder(KeyOrder.Kind.ROTATE, null, "what if", false, true, null, true, "test"));

        assertThat(answer.changes())
                .extracting(KeyAnswer.Change::after)
                .containsExactly(KeyState.STAGED, KeyState.PUBLISHED, KeyState.REVOKED, KeyState.ACTIVE);
        assertThat(active()).isEqualTo(before);
        assertThat(states()).containsExactly("active");
        assertThat(a.journal.head().seq()).isEqualTo(journal);
    }

    @Test
    void anEmergencyTakesTheOldKeyBackAndPassesOverVerifiersByName() throws Exception {
        verifiers.live = List.of(verifier("gateway-1", 99), verifier("gateway-2", 1));
        String before = active();

        KeyAnswer answer = a.orders.give(emergency(null));

        assertThat(states()).containsExactly("revoked", "active");
        assertThat(answer.missing()).contains("gateway/gateway-2");
        assertThat(String.join(" ", answer.says())).contains("gateway/gateway-2");
        assertThat(jdbc.sql("SELECT value FROM revocation WHERE kind = 'kid'")
                        .query(String.class)
                        .list())
                .containsExactly(before);
        a.keys.refresh();
        // Seven seconds of watching have passed: the five of the freshness bound are over.
        assertThat(kidOf(a)).isEqualTo(active());
        assertThat(jdbc.sql(
                                "SELECT sign_from - published_at = interval '7 seconds' FROM signing_key WHERE state = 'active'")
                        .query(Boolean.class)
                        .single())
                .isTrue();
    }

    @Test
    void anEmergencyDoesNotWaitForAnOrderThatOnlyWatchesASilentVerifier() throws Exception {
        verifiers.live = List.of(verifier("gateway-1", 1));
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        CompletableFuture<KeyAnswer> watching = later(order(KeyOrder.Kind.PUBLISH, null, false));
        Eventually.within(Duration.ofSeconds(10), "published", () -> states().equals(List.of("active", "published")));

        long start = System.nanoTime();
        CompletableFuture<KeyAnswer> emergency = later(emergency(null));
        Eventually.within(
                Duration.ofSeconds(5),
                "the emergency has begun",
                () -> states().equals(List.of("active", "published", "published")));

        assertThat(watching).as("the other order still watches").isNotDone();
        assertThat(emergency.get(20, TimeUnit.SECONDS).missing()).containsExactly("gateway/gateway-1");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(watching.get(20, TimeUnit.SECONDS).missing()).containsExactly("gateway/gateway-1");
        assertThat(states()).containsExactly("revoked", "revoked", "active");
    }

    private CompletableFuture<KeyAnswer> later(KeyOrder order) {
        return CompletableFuture.supplyAsync(
                () -> a.orders.give(order), task -> Thread.ofVirtual().start(task));
    }

    /** By the clock of the node with the lease the one that was ordered had its time, and died. */
    @Test
    void anEmergencyThatTheScheduleOfAnotherNodeFinishedFirstIsDone() throws Exception {
        verifiers.live = List.of(verifier("gateway-1", 99), verifier("gateway-2", 1));
        String leaked = active();
        MovableClock ahead = new MovableClock();
        ahead.advance(Duration.ofSeconds(10));
        TestNode fast = new TestNode("fast", database, deployment, TestNode.policy(), verifiers, ahead);
        CompletableFuture<KeyAnswer> order = later(emergency(null));
        Eventually.within(
                Duration.ofSeconds(5),
                "published",
                () -> a.moves.read().newest(KeyState.PUBLISHED).isPresent());

        fast.rotation.run();

        String next = active();
        assertThat(next).isNotEqualTo(leaked);
        assertThat(order).as("it waits for a verifier").isNotDone();
        KeyAnswer answer = order.get(20, TimeUnit.SECONDS);
        assertThat(answer.changes())
                .contains(
                        new KeyAnswer.Change(leaked, KeyState.ACTIVE, KeyState.REVOKED),
                        new KeyAnswer.Change(next, KeyState.PUBLISHED, KeyState.ACTIVE));
        assertThat(answer.missing()).containsExactly("gateway/gateway-2");
        assertThat(answer.effective())
                .extracting(EffectWatch.Effective::verifier)
                .containsExactly("gateway/gateway-1");
        assertThat(String.join(" ", answer.says())).contains("schedule of another node finished it");
        assertThat(answer.journalSeq()).isPositive();
        assertThat(revocations()).containsExactly(leaked);
    }

    /** A node that has just started: nobody is missing because nobody is known. */
    @Test
    void anEmergencyOnANodeThatDoesNotKnowTheVerifiersSaysThatItDelaysSigning() {
        verifiers.known = false;

        KeyAnswer answer = a.orders.give(emergency(null));

        assertThat(states()).containsExactly("revoked", "active");
        assertThat(String.join(" ", answer.says()))
                .contains("did not know which verifiers there are", "Grants are answered 503 until 7.0 s after")
                .contains(EffectWatch.UNKNOWN);
        assertThat(jdbc.sql("SELECT sign_from FROM signing_key WHERE state = 'active'")
                        .query(OffsetDateTime.class)
                        .optional())
                .as("when it may sign")
                .isPresent();
    }

    @Test
    void anEmergencyMakesAKeyOfItsOwnAndTakesBackThoseThatLayReadyBesideTheLeakedOne() {
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        a.orders.give(order(KeyOrder.Kind.PUBLISH, null, false));
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        List<String> before = kids();
        assertThat(states()).containsExactly("active", "published", "staged");

        KeyAnswer answer = a.orders.give(emergency(null));

        assertThat(states()).containsExactly("revoked", "revoked", "revoked", "active");
        assertThat(active()).isNotIn(before);
        assertThat(revocations()).containsExactlyInAnyOrderElementsOf(before);
        assertThat(answer.changes())
                .filteredOn(change -> change.after() == KeyState.REVOKED)
                .hasSize(3);
        assertThat(jdbc.sql("SELECT count(*) FROM signing_key WHERE sealed_private IS NOT NULL")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void anEmergencyThatNamesTheLeakedKeyLeavesTheOthersAndStillMakesOneOfItsOwn() {
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        a.orders.give(order(KeyOrder.Kind.PUBLISH, null, false));
        List<String> before = kids();
        String leaked = active();

        a.orders.give(emergency(leaked));

        assertThat(states()).containsExactly("revoked", "published", "active");
        assertThat(active()).isNotIn(before);
        assertThat(revocations()).containsExactly(leaked);
    }

    @Test
    void anEmergencyFinishesOneThatWasBegun() {
        String leaked = active();
        begin(leaked);

        b.orders.give(emergency(leaked));
        pass(Duration.ofMinutes(1));

        assertThat(states()).containsExactly("revoked", "revoked", "active");
    }

    @Test
    void anEmergencyIsFinishedByAnotherNodeAlsoBesideAKeyThatSeemsNewer() {
        String leaked = active();
        begin(leaked);
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        jdbc.sql("UPDATE signing_key SET state = 'published', published_at = created_at, published_version = 9,"
                        + " created_at = created_at + interval '1 minute' WHERE state = 'staged'")
                .update();

        clock.advance(Duration.ofSeconds(6));
        b.rotation.run();

        assertThat(states()).containsExactly("revoked", "active", "published");
    }

    /** Given on another node while the emergency waits for verifiers; without a key's name they mean the newest. */
    @Test
    void noOtherOrderTakesTheKeyOfAnUnfinishedEmergency() {
        String leaked = active();
        begin(leaked);
        String next = a.moves.read().newest(KeyState.PUBLISHED).orElseThrow().kid();

        for (KeyOrder.Kind kind : List.of(KeyOrder.Kind.ACTIVATE, KeyOrder.Kind.RETIRE, KeyOrder.Kind.REVOKE)) {
            assertRefused(b, order(kind, null, kind == KeyOrder.Kind.ACTIVATE), KeyError.ILLEGAL_MOVE, "emergency");
            assertRefused(b, order(kind, next, kind == KeyOrder.Kind.ACTIVATE), KeyError.ILLEGAL_MOVE, next);
        }
        assertThat(states()).containsExactly("active", "published");

        clock.advance(Duration.ofSeconds(6));
        b.rotation.run();

        assertThat(active()).isEqualTo(next);
        assertThat(revocations()).containsExactly(leaked);
    }

    @Test
    void anOrderWithoutANameLeavesTheKeyOfAnEmergencyAndTakesTheNextBest() {
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        String ready = kids().getLast();
        begin(active());

        b.orders.give(order(KeyOrder.Kind.RETIRE, null, false));

        assertThat(a.moves.read().find(ready).orElseThrow().state()).isEqualTo(KeyState.RETIRED);
        assertThat(states()).containsExactly("active", "retired", "published");
    }

    /** An emergency whose node dies between the publication and the end. */
    private void begin(String leaked) {
        a.moves.move(a.moves.read(), "test", "dies after this", clock.instant(), false, moving -> {
            String next = moving.prepare(SigningAlgorithm.ES256, true, true);
            return moving.publish(next).intend(next, List.of(leaked));
        });
    }

    @Test
    void aRotationToAnotherAlgorithmThanThatOfTheKeyThatLiesReadyIsRefused() {
        a.orders.give(order(KeyOrder.Kind.PREPARE, null, false));
        String ready = kids().getLast();
        KeyOrder other = new KeyOrder(
                KeyOrder.Kind.ROTATE, null, "for a partner", false, false, SigningAlgorithm.RS256, false, "test");
        KeyOrder same = new KeyOrder(
                KeyOrder.Kind.ROTATE, null, "for a partner", false, false, SigningAlgorithm.ES256, false, "test");

        assertRefused(a, other, KeyError.ILLEGAL_MOVE, "Key " + ready + " is staged already, and it is for ES256");
        assertThat(states()).containsExactly("active", "staged");
        a.orders.give(same);
        assertThat(states()).containsExactly("active", "published");
        assertRefused(a, other, KeyError.ILLEGAL_MOVE, "retire it");
        a.orders.give(order(KeyOrder.Kind.RETIRE, ready, false));
        a.orders.give(other);

        assertThat(a.moves.read().newest(KeyState.PUBLISHED).orElseThrow().algorithm())
                .isEqualTo(SigningAlgorithm.RS256);
    }

    private List<String> kids() {
        return jdbc.sql("SELECT kid FROM signing_key ORDER BY created_at, kid")
                .query(String.class)
                .list();
    }

    private List<String> revocations() {
        return jdbc.sql("SELECT value FROM revocation WHERE kind = 'kid' ORDER BY seq")
                .query(String.class)
                .list();
    }

    @Test
    void anEmergencyThatWasBegunIsFinishedByAnotherNode() {
        String leaked = active();
        begin(leaked);
        b.rotation.run();
        assertThat(active()).as("whoever ordered it has its time").isEqualTo(leaked);

        clock.advance(Duration.ofSeconds(6));
        b.rotation.run();

        assertThat(active()).isNotEqualTo(leaked);
        assertThat(states()).containsExactly("revoked", "active");
        assertThat(jdbc.sql("SELECT value FROM revocation WHERE kind = 'kid'")
                        .query(String.class)
                        .list())
                .containsExactly(leaked);
    }

    @Test
    void aNodeThatDoesNotKnowTheVerifiersActivatesNothing() {
        verifiers.known = false;
        String first = active();
        pass(Duration.ofDays(29).plusMinutes(1));
        pass(Duration.ofDays(2));
        assertThat(active()).isEqualTo(first);
        assertThat(states()).containsExactly("active", "published");

        verifiers.known = true;
        pass(Duration.ofSeconds(1));

        assertThat(active()).isNotEqualTo(first);
    }

    @Test
    void anEmergencyKeyThatSomebodyLacksSignsOnlyWhenOldTrustDataProvesNothingAnyMore() {
        a.keys.refresh();
        jdbc.sql("UPDATE signing_key SET sign_from = now() + interval '5 seconds'")
                .update();
        a.keys.refresh();
        assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> kidOf(a));

        clock.advance(Duration.ofSeconds(6));

        assertThat(sign(a)).isNotEmpty();
    }

    @Test
    void aChangeOfAlgorithmIsARotation() throws Exception {
        a.orders.give(new KeyOrder(
                KeyOrder.Kind.ROTATE, null, "RS256 for a partner", true, false, SigningAlgorithm.RS256, false, "test"));
        a.rotation.run();
        b.rotation.run();
        a.keys.refresh();

        SignedJWT token = SignedJWT.parse(sign(a));

        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("RS256");
        assertThat(states()).containsExactly("retiring", "active");
        assertThat(a.keys.current().orElseThrow().keys())
                .allSatisfy(key -> assertThat(key.jwk()).doesNotContainKeys("d", "p", "q", "dp", "dq", "qi"));
    }

    @Test
    void anExpiredKeyNeverSigns() {
        verifiers.live = List.of(verifier("gateway-1", 1));
        pass(Duration.ofDays(31));
        clock.advance(Duration.ofDays(60));
        a.keys.refresh();

        assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> sign(a));
    }

    /** Lets time pass, and both nodes notice it. */
    private void pass(Duration time) {
        clock.advance(time);
        b.rotation.run();
        a.rotation.run();
        assertThat(states().stream().filter("active"::equals)).hasSize(1);
    }

    private List<String> states() {
        return jdbc.sql("SELECT state FROM signing_key ORDER BY created_at, kid")
                .query(String.class)
                .list();
    }

    private String active() {
        return jdbc.sql("SELECT kid FROM signing_key WHERE state = 'active'")
                .query(String.class)
                .single();
    }

    private static String sign(TestNode node) {
        return new TokenSigner(node.keys, Duration.ofMinutes(15), node.clock)
                .sign(JOSEObjectType.JWT, Map.of("sub", "x"));
    }

    private static String kidOf(TestNode node) throws ParseException {
        return SignedJWT.parse(sign(node)).getHeader().getKeyID();
    }

    private Verifier verifier(String instance, long version) {
        return new Verifier("gateway", instance, version, version == 1 ? 0 : Long.MAX_VALUE, clock.instant());
    }

    private static KeyOrder order(KeyOrder.Kind kind, @Nullable String kid, boolean force) {
        return new KeyOrder(kind, kid, "a test orders it", force, false, null, false, "test");
    }

    private static KeyOrder emergency(@Nullable String kid) {
        return new KeyOrder(KeyOrder.Kind.ROTATE, kid, "key leaked", false, true, null, false, "test");
    }

    private static void assertRefused(TestNode node, KeyOrder order, KeyError error, String detail) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> node.orders.give(order))
                .satisfies(e -> assertThat(e.error()).isEqualTo(error))
                .withMessageContaining(detail);
    }
}
