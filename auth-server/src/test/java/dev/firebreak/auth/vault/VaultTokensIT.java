package dev.firebreak.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.google.FakeGoogle;
import dev.firebreak.auth.google.FakeGoogle.Reply;
import dev.firebreak.auth.vault.TestVault.Connected;
import dev.firebreak.auth.vault.TestVault.Node;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.VaultError;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Nodes over one real database and a Google over real HTTP. */
class VaultTokensIT {
    static final Duration LEASE = Duration.ofSeconds(12);
    static final Duration WAIT = Duration.ofSeconds(8);

    static TestPostgres.Database database;

    final MovableClock clock = new MovableClock();
    final FakeGoogle fake = new FakeGoogle(clock);
    final TestVault vault = new TestVault(database, new TestDeployment().wrappingKeyFile(), clock);

    @BeforeAll
    static void migrate() {
        database = TestPostgres.migrated();
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    Node node(String name) {
        return vault.node(name, TestVault.patient(fake), LEASE, WAIT);
    }

    @Test
    void getsATokenOnceAndThenGivesItWithoutAnyStatement() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        HeldToken first = node.tokens().give(ada.wish());
        node.statements().reset();

        for (int i = 0; i < 100; i++) {
            assertThat(node.tokens().give(ada.wish()).accessToken()).isEqualTo(first.accessToken());
        }

        assertThat(node.statements().statements()).isEmpty();
        assertThat(node.statements().connections()).isZero();
        assertThat(fake.calls).hasSize(1);
        assertThat(fake.calls.getFirst())
                .as("for this service alone")
                .containsEntry("scope", String.join(" ", ada.service().scopes()));
        assertThat(node.metrics()
                        .get("auth.vault.reads")
                        .tag("outcome", "hit")
                        .counter()
                        .count())
                .isEqualTo(100);
    }

    @Test
    void readsTheRowThatAnotherNodeWrote() {
        Connected ada = vault.connect(fake.grant());
        String token = node("a").tokens().give(ada.wish()).accessToken();

        assertThat(node("b").tokens().give(ada.wish()).accessToken()).isEqualTo(token);
        assertThat(fake.calls).hasSize(1);
    }

    @Test
    void neverGivesAnExpiredTokenAndRenewsOneThatIsTooShort() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        String first = node.tokens().give(ada.wish()).accessToken();

        clock.advance(Duration.ofMinutes(50));
        assertThat(node.tokens().give(ada.wish()).accessToken()).isEqualTo(first);
        String second = node.tokens().give(ada.wish(Duration.ofMinutes(15))).accessToken();
        assertThat(second).isNotEqualTo(first);
        assertThat(node.tokens().give(ada.wish()).accessToken()).isEqualTo(second);

        clock.advance(Duration.ofMinutes(60));
        HeldToken third = node.tokens().give(ada.wish());
        assertThat(third.accessToken()).isNotIn(first, second);
        assertThat(third.left(clock.instant())).isGreaterThan(Duration.ofMinutes(59));
    }

    /** The heart of it: 3 nodes, 50 callers, one expired token; every second time the holder of the lease has died. */
    @Test
    void renewsOnceOverAllNodesAlsoWhenTheHolderDied() throws Exception {
        Duration lease = Duration.ofMillis(600);
        List<Node> nodes = List.of(
                vault.node("a", TestVault.patient(fake), lease, WAIT),
                vault.node("b", TestVault.patient(fake), lease, WAIT),
                vault.node("c", TestVault.patient(fake), lease, WAIT));
        for (int round = 0; round < 20; round++) {
            Connected ada = vault.connect(fake.grant());
            vault.store(ada, fake.secret("ya29.old"), clock.instant().minusSeconds(1));
            int before = fake.refreshed.get();
            if (round % 2 == 1) {
                vault.dieWithLease(ada, Duration.ofMillis(200 + 40L * round));
            }
            AtomicInteger next = new AtomicInteger();

            List<String> tokens = Parallel.run(
                    50,
                    () -> nodes.get(next.getAndIncrement() % 3)
                            .tokens()
                            .give(ada.wish())
                            .accessToken());

            assertThat(fake.refreshed.get() - before)
                    .as("refreshes in round %d", round)
                    .isEqualTo(1);
            assertThat(Set.copyOf(tokens)).as("tokens in round %d", round).hasSize(1);
            assertThat(vault.version(ada)).isEqualTo(2);
            assertThat(vault.leased(ada)).isFalse();
        }
    }

    @Test
    void aHolderThatSleptWritesNothingAnyMore() throws Exception {
        Node slow = vault.node("slow", TestVault.patient(fake), Duration.ofMillis(500), WAIT);
        Node quick = node("quick");
        Connected ada = vault.connect(fake.grant());
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        fake.onCall = () -> {
            if (first.getAndSet(false)) {
                asked.countDown();
                await(goOn);
            }
        };

        CompletableFuture<HeldToken> late =
                CompletableFuture.supplyAsync(() -> slow.tokens().give(ada.wish()));
        await(asked);
        String token = quick.tokens().give(ada.wish()).accessToken();
        goOn.countDown();

        assertThat(late.get().accessToken()).as("what the row has").isEqualTo(token);
        assertThat(vault.version(ada)).isEqualTo(1);
        assertThat(slow.renewals("fenced")).isEqualTo(1);
        assertThat(vault.state(ada)).isEqualTo("active");
    }

    @Test
    void aRefusedRefreshTokenThatWasReplacedMeanwhileBreaksNothing() {
        Node node = node("a");
        Connected ada = vault.connect("1//worthless");
        String next = fake.grant();
        AtomicBoolean first = new AtomicBoolean(true);
        fake.onCall = () -> {
            if (first.getAndSet(false)) {
                vault.replaceRefreshToken(ada, next);
            }
        };

        assertThat(node.tokens().give(ada.wish()).accessToken()).startsWith("ya29.");

        assertThat(vault.state(ada)).isEqualTo("active");
        assertThat(fake.calls).extracting(call -> call.get("refresh_token")).containsExactly("1//worthless", next);
    }

    @Test
    void aRefusedRefreshTokenBreaksTheWholeGrantAndKeepsTheRows() {
        Node node = node("a");
        Node other = node("b");
        Connected calendar = vault.connect(fake.grant());
        Connected drive = vault.addService(calendar, GoogleService.DRIVE);
        other.tokens().give(drive.wish());
        fake.forget(calendar.refreshToken());

        ServiceException refused = refused(node, calendar.wish());

        assertThat(refused.error()).isEqualTo(VaultError.RECONNECT_REQUIRED);
        assertThat(refused.members()).containsEntry("reason", "revoked");
        assertThat(vault.state(calendar)).isEqualTo("needs_reconnect revoked");
        assertThat(refused(node, drive.wish()).error()).isEqualTo(VaultError.RECONNECT_REQUIRED);
        other.watch().look();
        assertThat(refused(other, drive.wish()).error())
                .as("another node forgets what it held")
                .isEqualTo(VaultError.RECONNECT_REQUIRED);
        assertThat(fake.calls).as("a broken grant is not asked about again").hasSize(2);

        vault.replaceRefreshToken(calendar, fake.grant());
        assertThat(node.tokens().give(calendar.wish()).accessToken()).startsWith("ya29.");
        assertThat(other.tokens().give(drive.wish()).accessToken()).startsWith("ya29.");
    }

    @Test
    void tellsARefreshTokenThatRanOutFromOneThatWasTakenBack() {
        Connected ada = vault.connect("1//worthless");
        vault.jdbc
                .sql("UPDATE google_account_grant SET refresh_token_expires_at = created_at WHERE id = :id")
                .param("id", ada.grant())
                .update();

        assertThat(refused(node("a"), ada.wish()).members()).containsEntry("reason", "expired");
        assertThat(vault.state(ada)).isEqualTo("needs_reconnect expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"500", "429", "slow", "malformed", "gone"})
    void troubleOfGoogleChangesNoStateAndWhatIsGoodIsGiven(String trouble) {
        Node node = vault.node("a", fake.client(Duration.ofMillis(1_500)), LEASE, WAIT);
        Connected ada = vault.connect(fake.grant());
        Connected bob = vault.connect(fake.grant());
        String token = node.tokens().give(ada.wish()).accessToken();
        clock.advance(Duration.ofMinutes(59).plusSeconds(20));
        switch (trouble) {
            case "slow" ->
                fake.mood = reply -> {
                    sleep(Duration.ofSeconds(4));
                    return reply;
                };
            case "malformed" -> fake.mood = reply -> new Reply(200, Map.of(), "<html>");
            case "gone" -> fake.close();
            default -> fake.mood = reply -> Reply.of(Integer.parseInt(trouble));
        }
        int before = fake.calls.size();

        assertThat(node.tokens().give(ada.wish()).accessToken())
                .as("40 s are left, and no life was asked for")
                .isEqualTo(token);
        ServiceException tooShort = refused(node, ada.wish(Duration.ofMinutes(5)));
        assertThat(tooShort.error()).isEqualTo(VaultError.GOOGLE_UNAVAILABLE);
        assertThat(tooShort.retryAfter()).isPositive();
        for (int i = 0; i < 20; i++) {
            assertThat(refused(node, bob.wish()).error()).isEqualTo(VaultError.GOOGLE_UNAVAILABLE);
        }

        assertThat(fake.calls.size() - before).as("no storm").isLessThanOrEqualTo(4);
        assertThat(vault.state(ada)).isEqualTo("active");
        assertThat(vault.state(bob)).isEqualTo("active");
        assertThat(vault.refreshToken(bob)).isEqualTo(bob.refreshToken());
        assertThat(vault.leased(bob)).isFalse();

        if (!trouble.equals("gone")) {
            fake.mood = reply -> reply;
            clock.advance(Duration.ofMinutes(1));
            assertThat(node.tokens().give(ada.wish()).accessToken()).isNotEqualTo(token);
            assertThat(node.tokens().give(bob.wish()).accessToken()).startsWith("ya29.");
        }
    }

    @Test
    void keepsTheRefreshTokenOrTakesTheNextOne() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        node.tokens().give(ada.wish());
        assertThat(vault.refreshToken(ada)).isEqualTo(ada.refreshToken());

        String next = fake.grant();
        fake.mood = reply -> reply.with("refresh_token", next).with("refresh_token_expires_in", 604_800);
        clock.advance(Duration.ofHours(2));
        node.tokens().give(ada.wish());

        assertThat(vault.refreshToken(ada)).isEqualTo(next);
        Map<String, Object> grant =
                vault.jdbc.sql("""
                        SELECT version, token_version, token_prefix_hash, token_id_hash,
                               refresh_token_expires_at - refreshed_at = interval '7 days' AS week
                          FROM google_account_grant WHERE id = :id
                        """).param("id", ada.grant()).query().singleRow();
        assertThat(grant)
                .containsEntry("version", 2L)
                .containsEntry("token_version", 2L)
                .containsEntry("week", true);
        assertThat((byte[]) grant.get("token_prefix_hash")).isEqualTo(RefreshTokenHashes.ofPrefix(next));
        assertThat((byte[]) grant.get("token_id_hash")).isEqualTo(RefreshTokenHashes.ofGoogleHash(next));
    }

    @Test
    void aNextRefreshTokenIsKeptThoughTheLeaseIsLost() throws Exception {
        Node slow = vault.node("slow", TestVault.patient(fake), Duration.ofMillis(500), WAIT);
        Node quick = node("quick");
        Connected ada = vault.connect(fake.grant());
        String next = fake.grant();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger number = new AtomicInteger();
        fake.mood = reply -> {
            if (number.incrementAndGet() > 1) {
                return reply;
            }
            // Google has rotated; the one before is worth nothing from now on.
            fake.forget(ada.refreshToken());
            asked.countDown();
            await(goOn);
            return reply.with("refresh_token", next);
        };

        CompletableFuture<HeldToken> late =
                CompletableFuture.supplyAsync(() -> slow.tokens().give(ada.wish()));
        await(asked);
        assertThat(refused(quick, ada.wish()).error()).isEqualTo(VaultError.RECONNECT_REQUIRED);
        goOn.countDown();

        assertThat(late.get().accessToken()).startsWith("ya29.");
        assertThat(vault.state(ada)).isEqualTo("active");
        assertThat(vault.refreshToken(ada)).isEqualTo(next);
    }

    @Test
    void whileTheUserIsAwayTheirSwitchCounts() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        Wish away = Wish.of(ada.user(), ada.service(), null, true, null);
        node.tokens().give(ada.wish());

        assertThat(refused(node, away).error()).isEqualTo(VaultError.NOT_ALLOWED);
        offline(ada, true);
        assertThat(node.tokens().give(away).accessToken()).startsWith("ya29.");

        offline(ada, false);
        node.watch().look();
        assertThat(refused(node, away).error()).isEqualTo(VaultError.NOT_ALLOWED);
    }

    @Test
    void aDisabledUserHasNoTokenNotEvenOutOfMemory() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        node.tokens().give(ada.wish());

        vault.jdbc
                .sql("UPDATE user_account SET disabled_at = now() WHERE id = :id")
                .param("id", ada.user())
                .update();
        node.revocations()
                .add(new Revocation(
                        Revocation.Kind.SUB,
                        ada.user().toString(),
                        clock.instant(),
                        clock.instant().plusSeconds(900)));
        node.watch().look();

        assertThat(refused(node, ada.wish()).error()).isEqualTo(VaultError.NOT_CONNECTED);
    }

    @Test
    void aServiceWithoutTheScopesItNeedsAsksForItsUser() {
        Connected ada = vault.connect(fake.grant());
        vault.jdbc
                .sql("UPDATE user_oauth_tokens SET scope = '' WHERE id = :id")
                .param("id", ada.row())
                .update();

        assertThat(refused(node("a"), ada.wish()).members()).containsEntry("reason", "scopes_missing");
        assertThat(fake.calls).isEmpty();
    }

    @Test
    void tellsWhoHasNothingConnected() {
        Connected ada = vault.connect(fake.grant());

        assertThat(refused(node("a"), Wish.of(ada.user(), GoogleService.GMAIL, null, false, null))
                        .error())
                .isEqualTo(VaultError.NOT_CONNECTED);
        assertThat(refused(node("a"), Wish.of(ada.user(), ada.service(), "other-account", false, null))
                        .error())
                .isEqualTo(VaultError.NOT_CONNECTED);
        assertThat(node("a")
                        .tokens()
                        .give(Wish.of(ada.user(), ada.service(), "sub-" + ada.grant(), false, null))
                        .accessToken())
                .startsWith("ya29.");
    }

    @Test
    void aCiphertextOfAnotherRowDoesNotOpen() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        Connected eve = vault.connect(fake.grant());
        String adas = node.tokens().give(ada.wish()).accessToken();
        node.tokens().give(eve.wish());
        vault.jdbc.sql("""
                        UPDATE user_oauth_tokens e
                           SET sealed_access_token = a.sealed_access_token, sealed_data_key = a.sealed_data_key
                          FROM user_oauth_tokens a WHERE a.id = :ada AND e.id = :eve
                        """).param("ada", ada.row()).param("eve", eve.row()).update();

        String eves = node("b").tokens().give(eve.wish()).accessToken();

        assertThat(eves).as("a new one of her own").isNotEqualTo(adas).startsWith("ya29.");
        assertThat(fake.calls.getLast()).containsEntry("refresh_token", eve.refreshToken());
    }

    @Test
    void aRefreshTokenThatDoesNotOpenIsOurTroubleAndNoVerdict() {
        Connected ada = vault.connect(fake.grant());
        Connected eve = vault.connect(fake.grant());
        vault.jdbc.sql("""
                        UPDATE google_account_grant e
                           SET sealed_refresh_token = a.sealed_refresh_token, sealed_data_key = a.sealed_data_key
                          FROM google_account_grant a WHERE a.id = :ada AND e.id = :eve
                        """).param("ada", ada.grant()).param("eve", eve.grant()).update();

        assertThat(refused(node("a"), eve.wish()).error()).isEqualTo(AuthError.UNAVAILABLE);

        assertThat(fake.calls).isEmpty();
        assertThat(vault.state(eve)).isEqualTo("active");
        assertThat(vault.leased(eve)).isFalse();
    }

    @Test
    void writesLastUseBehindTheScenesOnceAMinute() {
        Node node = node("a");
        Connected ada = vault.connect(fake.grant());
        node.tokens().give(ada.wish());
        node.lastUse().write();
        assertThat(usedAndDue(ada)).as("used, and to be renewed ahead").isEqualTo("t t");

        node.statements().reset();
        node.tokens().give(ada.wish());
        node.lastUse().write();
        assertThat(node.statements().statements()).isEmpty();

        clock.advance(Duration.ofSeconds(61));
        node.tokens().give(ada.wish());
        node.lastUse().write();
        assertThat(node.statements().statements()).hasSize(1);
    }

    @Test
    void neitherADumpNorTheLogsHoldAToken() {
        Logger root = (Logger) LoggerFactory.getLogger("dev.firebreak");
        Level before = root.getLevel();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        root.addAppender(log);
        root.setLevel(Level.TRACE);
        StringBuilder texts = new StringBuilder();
        try {
            Node node = node("a");
            Connected ada = vault.connect(fake.grant());
            texts.append(node.tokens().give(ada.wish()));
            String next = fake.grant();
            fake.mood = reply -> reply.with("refresh_token", next);
            clock.advance(Duration.ofHours(2));
            texts.append(node.tokens().give(ada.wish()));
            for (int status : new int[] {500, 429, 400, 401}) {
                fake.mood = reply -> Reply.of(status).with("echo", String.valueOf(fake.calls.getLast()));
                clock.advance(Duration.ofHours(2));
                texts.append(refused(node, ada.wish()));
            }
            fake.mood = reply -> reply;
            clock.advance(Duration.ofHours(2));
            fake.forget(next);
            texts.append(refused(node, ada.wish()));
        } finally {
            root.detachAppender(log);
            root.setLevel(before);
        }
        log.list.forEach(event -> texts.append(event.getFormattedMessage())
                .append(
                        event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()));
        String dump = String.join(
                "\n",
                vault.jdbc
                        .sql(
                                "SELECT t::text FROM user_oauth_tokens t UNION ALL SELECT g::text FROM google_account_grant g")
                        .query(String.class)
                        .list());

        assertThat(log.list).isNotEmpty();
        assertThat(fake.secretsGiven()).hasSizeGreaterThan(4);
        for (String secret : fake.secretsGiven()) {
            assertThat(texts).doesNotContain(secret);
            assertThat(dump)
                    .doesNotContain(secret)
                    .doesNotContain(HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void whoCannotWaitAnyLongerIsToldToComeBack() {
        Node node = vault.node("a", TestVault.patient(fake), LEASE, Duration.ofMillis(300));
        Connected ada = vault.connect(fake.grant());
        vault.dieWithLease(ada, Duration.ofSeconds(2));

        ServiceException refused = refused(node, ada.wish());

        assertThat(refused.error()).isEqualTo(VaultError.GOOGLE_UNAVAILABLE);
        Eventually.within(Duration.ofSeconds(10), "another takes over", () -> {
            try {
                return node.tokens().give(ada.wish()).accessToken().startsWith("ya29.");
            } catch (ServiceException notYet) {
                return false;
            }
        });
    }

    private void offline(Connected of, boolean on) {
        vault.jdbc
                .sql("UPDATE user_oauth_tokens SET offline = :on WHERE id = :id")
                .param("on", on)
                .param("id", of.row())
                .update();
        vault.jdbc
                .sql("UPDATE google_account_grant SET version = version + 1, updated_at = now() WHERE id = :id")
                .param("id", of.grant())
                .update();
    }

    private String usedAndDue(Connected of) {
        return vault.jdbc.sql("""
                        SELECT concat_ws(' ', last_used_at IS NOT NULL,
                                         refresh_due_at BETWEEN expires_at - interval '10 minutes'
                                                            AND expires_at - interval '5 minutes')
                          FROM user_oauth_tokens WHERE id = :id
                        """).param("id", of.row()).query(String.class).single();
    }

    private static ServiceException refused(Node node, Wish wish) {
        ServiceException refused =
                catchThrowableOfType(ServiceException.class, () -> node.tokens().give(wish));
        assertThat(refused).as("a typed refusal").isNotNull();
        return refused;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
