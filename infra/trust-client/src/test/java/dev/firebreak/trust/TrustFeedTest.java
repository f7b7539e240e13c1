package dev.firebreak.trust;

import static dev.firebreak.trust.TrustAnswers.EPOCH;
import static dev.firebreak.trust.TrustAnswers.OTHER_EPOCH;
import static dev.firebreak.trust.TrustAnswers.delta;
import static dev.firebreak.trust.TrustAnswers.full;
import static dev.firebreak.trust.TrustAnswers.key;
import static dev.firebreak.trust.TrustAnswers.session;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.contracts.trust.TrustAnswer;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed against a server that is well, ill or gone. Its loop runs in real time, the age of its data on a test clock. */
class TrustFeedTest {
    private static final Instant NOW = TestClock.START;
    private static final Duration READ_TIMEOUT = Duration.ofMillis(400);
    private static final PublishedKey K1 = key("k1");
    private static final PublishedKey K2 = key("k2");

    private final TestClock clock = new TestClock();
    private final ClientKey clientKey = ClientKey.generate("task-service-1");
    private final List<TrustFeed> feeds = new ArrayList<>();
    private FakeTrustServer server;

    @TempDir
    private Path temp;

    @BeforeEach
    void startServer() throws IOException {
        server = new FakeTrustServer();
    }

    @AfterEach
    void stopAll() {
        feeds.forEach(TrustFeed::close);
        server.close();
    }

    @Test
    void holdsNothingUntilTheFirstAnswer() {
        TrustFeed feed = startFeed();

        await(() -> feed.stats().failures() >= 2);

        assertThat(feed.current()).isEmpty();
        assertThat(feed.age()).isEqualTo(Duration.ofDays(365));
        assertThat(feed.isUsable()).isFalse();
        assertThat(feed.isFresh()).isFalse();
    }

    @Test
    void readsEverythingAndThenAsksForWhatFollows() {
        server.answer(full(NOW, 3, List.of(K1), 7, session("a", NOW)));
        TrustFeed feed = startFeed();
        await(() -> feed.current().isPresent());
        server.answer(delta(NOW, 3, 8, session("b", NOW)));
        await(() -> feed.current().orElseThrow().cursor() == 8);
        await(() -> server.questions().getLast().query().endsWith("after=8"));

        assertThat(server.questions().getFirst().query()).isNull();
        assertThat(server.questions().get(1).query())
                .as("asking with a version acknowledges it")
                .isEqualTo("epoch=" + EPOCH + "&keys=3&after=7");
        assertThat(feed.current().orElseThrow().revocations().size()).isEqualTo(2);
        assertThat(feed.isFresh()).isTrue();
    }

    @Test
    void tellsWhichCookieKeysItCanOpenAndLeavesOutWhatTheServerWouldRefuse() {
        server.answer(full(NOW, 3, List.of(K1), 7));
        AtomicReference<List<String>> ring = new AtomicReference<>(List.of("c1", "c2"));
        TrustFeedSettings settings = new TrustFeedSettings(
                server.url(), temp.resolve("ring"), Duration.ofMillis(10), READ_TIMEOUT, Lifetimes.TRUST_HARD_CAP);
        TrustFeed feed = new TrustFeed(
                settings.withRing(ring::get),
                new ClientAssertions("gateway", clientKey, "http://localhost:8080/auth", "gateway-1", clock),
                clock);
        feeds.add(feed);
        feed.start();
        await(() -> server.questions().size() >= 2);

        assertThat(server.questions().getFirst().query()).isEqualTo("ring=c1,c2");
        assertThat(server.questions().get(1).query()).isEqualTo("epoch=" + EPOCH + "&keys=3&after=7&ring=c1,c2");
        ring.set(List.of("c2"));
        await(() -> server.questions().getLast().query().endsWith("&ring=c2"));
        ring.set(List.of("c 2&x=y"));
        await(() -> server.questions().getLast().query().endsWith("&after=7"));
    }

    @Test
    void acknowledgesNewKeysAtOnceAndSaysWhenItStops() {
        server.answer(full(NOW, 3, List.of(K1), 7));
        // An interval that no test waits for: only the acknowledgement is early.
        TrustFeed feed = feed(Duration.ofHours(1));
        feed.start();

        await(() -> server.questions().size() == 2);
        assertThat(server.questions().getLast().query()).contains("keys=3");
        feed.close();

        assertThat(server.goodbyes()).containsExactly(Paths.TRUST + "/verifier");
        assertThat(server.questions()).hasSize(2);
    }

    @Test
    void asksToBeHeldForAsLongAsItWouldNotAskAnyway() {
        server.answer(full(NOW, 3, List.of(K1), 7));
        feed(Duration.ofMillis(10), temp.resolve("busy"), "busy", clock, Duration.ofSeconds(4))
                .start();
        feed(Duration.ofSeconds(1), temp.resolve("usual"), "usual", clock, Duration.ofSeconds(4))
                .start();
        feed(Duration.ofHours(1), temp.resolve("lazy"), "lazy", clock, Duration.ofSeconds(4))
                .start();
        feed(Duration.ofHours(1), temp.resolve("short"), "short", clock, Duration.ofSeconds(3))
                .start();

        await(() -> server.prefers().containsAll(List.of("", "wait=1", "wait=2"))
                && server.questions().size() > 20);

        assertThat(Set.copyOf(server.prefers())).containsExactlyInAnyOrder("", "wait=1", "wait=2");
    }

    /** An interval that no test waits for: only the news make it ask again. */
    @Test
    void asksAgainAtOnceAfterRevocationsSoThatTheServerHearsThatTheyAreInForce() {
        server.answer(full(NOW, 3, List.of(K1), 7));
        TrustFeed feed = feed(Duration.ofHours(1));
        feed.start();
        await(() -> server.questions().size() == 2);
        server.answer(delta(NOW, 3, 8, session("b", NOW)));

        feed.refreshSoon();

        await(() -> server.questions().getLast().query().endsWith("after=8"));
    }

    @Test
    void readsTwentyThousandRevocationsInOneAnswer() {
        Revocation[] many = new Revocation[20_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new Revocation(
                    Revocation.Kind.SUB,
                    UUID.randomUUID().toString(),
                    NOW.plusNanos(123_456_000),
                    NOW.plusSeconds(960));
        }
        server.answer(full(NOW, 3, List.of(K1), 7, many));

        TrustFeed cold =
                feed(Duration.ofMillis(10), temp.resolve("cold"), "task-service-1", clock, Duration.ofSeconds(10));
        cold.start();

        await(() -> cold.current().isPresent());
        assertThat(cold.current().orElseThrow().revocations().size()).isEqualTo(20_000);
        cold.close();
        server.behave(FakeTrustServer.status(503));
        TrustFeed restarted = feed(Duration.ofMillis(10), temp.resolve("cold"), "task-service-1");
        restarted.start();
        assertThat(restarted.current().orElseThrow().revocations().size()).isEqualTo(20_000);
    }

    @Test
    void provesWhoItIsAnewWithEachQuestion() throws Exception {
        TrustFeed feed = startFeed();
        await(() -> server.questions().size() >= 2);
        feed.close();

        List<String> ids = new ArrayList<>();
        for (FakeTrustServer.Question question : server.questions()) {
            SignedJWT assertion = assertion(question);
            assertThat(assertion.verify(new ECDSAVerifier(clientKey.publicJwk().toECKey())))
                    .isTrue();
            assertThat(assertion.getJWTClaimsSet().getIssuer()).isEqualTo("task-service");
            ids.add(assertion.getJWTClaimsSet().getJWTID());
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheLastGoodDataWhileTheServerIsGoneAndGoesOnWhenItIsBack() throws IOException {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        TrustSnapshot before = feed.current().orElseThrow();
        long failures = feed.stats().failures();

        server.behave(FakeTrustServer.status(503));
        await(() -> feed.stats().failures() >= failures + 3);
        clock.advance(Duration.ofMinutes(9));
        assertThat(feed.current()).containsSame(before);
        assertThat(feed.age()).isEqualTo(Duration.ofMinutes(9));
        assertThat(feed.isFresh()).isFalse();
        assertThat(feed.isUsable()).isTrue();
        server.answer(delta(clock.instant(), 3, 7));
        await(feed::isFresh);

        assertThat(feed.age()).isZero();
    }

    @Test
    void isNotFreshAfterItsClockWasSetBackUntilTheNextAnswer() {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        server.behave(FakeTrustServer.status(503));
        long failures = feed.stats().failures();
        await(() -> feed.stats().failures() > failures);

        clock.advance(Duration.ofHours(-1));
        assertThat(feed.isFresh()).isFalse();
        server.answer(delta(clock.instant(), 3, 7));

        await(feed::isFresh);
        assertThat(feed.age()).isZero();
    }

    @Test
    void survivesAServerThatRefusesConnections() throws IOException {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        long failures = feed.stats().failures();

        server.close();
        await(() -> feed.stats().failures() >= failures + 3);

        assertThat(feed.current()).isPresent();
    }

    @Test
    void givesUpOnAServerThatDoesNotAnswer() {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        long failures = feed.stats().failures();

        server.behave(server.silence());
        await(() -> feed.stats().failures() >= failures + 2);
        server.answer(delta(NOW, 3, 8, session("a", NOW)));
        await(() -> feed.current().orElseThrow().cursor() == 8);
    }

    @Test
    void givesUpOnABodyThatNeverEnds() {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        long failures = feed.stats().failures();

        server.behave(server.drip());
        await(() -> feed.stats().failures() >= failures + 2);
        server.answer(delta(NOW, 3, 8, session("a", NOW)));
        await(() -> feed.current().orElseThrow().cursor() == 8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{}", "<html>Bad gateway</html>", "{\"epoch\":"})
    void keepsTheLastGoodDataOnGarbage(String garbage) {
        assertKept(FakeTrustServer.body(garbage));
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 302, 304, 401, 403, 404, 500})
    void keepsTheLastGoodDataOnAnyOtherStatus(int status) {
        assertKept(FakeTrustServer.status(status));
    }

    @Test
    void keepsTheLastGoodDataOnAnAnswerThatIsTooLarge() {
        String padding = " ".repeat(16 * 1024 * 1024);
        String json = TrustAnswerJson.write(delta(NOW, 3, 8, session("a", NOW)));

        assertKept(FakeTrustServer.body(json + padding));
    }

    @Test
    void keepsTheLastGoodDataOnAnAnswerAgainstTheRules() {
        assertKept(FakeTrustServer.body(TrustAnswerJson.write(delta(NOW, 2, 7))));
        assertKept(FakeTrustServer.body(TrustAnswerJson.write(delta(NOW, 3, 6))));
        assertKept(FakeTrustServer.body(TrustAnswerJson.write(full(NOW, 4, List.of(), 7))));
        assertThat(feeds.getFirst().stats().refused()).isPositive();
    }

    @Test
    void takesAnotherEpochAsAWhole() {
        TrustFeed feed = startWith(full(NOW, 30, List.of(K1), 70, session("a", NOW)));

        server.answer(new TrustAnswer(OTHER_EPOCH, NOW, 1, List.of(K2), 0, true, List.of()));
        await(() -> feed.current().orElseThrow().epoch().equals(OTHER_EPOCH));
        await(() -> server.questions().getLast().query().equals("epoch=" + OTHER_EPOCH + "&keys=1&after=0"));

        assertThat(feed.current().orElseThrow().keys()).containsOnlyKeys("k2");
        assertThat(feed.current().orElseThrow().revocations().size()).isZero();
    }

    @Test
    void tellsListenersOfChangesOnlyAndOutlivesThem() {
        List<TrustSnapshot> heard = new CopyOnWriteArrayList<>();
        server.answer(full(NOW, 3, List.of(K1), 7));
        TrustFeed feed = feed();
        feed.onChange(snapshot -> {
            throw new IllegalStateException("a listener with a bug");
        });
        feed.onChange(heard::add);

        feed.start();
        await(() -> feed.stats().answers() >= 3);
        assertThat(heard).hasSize(1);
        server.answer(delta(NOW, 3, 8, session("a", NOW)));
        await(() -> heard.size() == 2);
        long answers = feed.stats().answers();
        await(() -> feed.stats().answers() >= answers + 3);

        assertThat(heard).extracting(TrustSnapshot::cursor).containsExactly(7L, 8L);
    }

    @Test
    void outlivesErrorsInItsListenersAndInItself() throws IOException {
        AtomicBoolean ill = new AtomicBoolean();
        InstantSource now = () -> {
            if (ill.get() && Thread.currentThread().getName().equals("trust-feed")) {
                throw new OutOfMemoryError("a moment of need");
            }
            return clock.instant();
        };
        server.answer(full(NOW, 3, List.of(K1), 7));
        TrustFeed feed = feed(now);
        feed.onChange(snapshot -> {
            throw new NoClassDefFoundError("a listener that misses a class");
        });
        feed.start();
        await(() -> feed.stats().answers() >= 1);

        ill.set(true);
        long failures = feed.stats().failures();
        await(() -> feed.stats().failures() >= failures + 3);
        ill.set(false);
        server.answer(delta(NOW, 3, 8, session("a", NOW)));

        await(() -> feed.current().orElseThrow().cursor() == 8);
    }

    @Test
    void outlivesAnInterruptionThatNobodyMeantAsAStop() throws IOException {
        server.answer(full(NOW, 3, List.of(K1), 7));
        TrustFeed feed = feed();
        feed.onChange(snapshot -> Thread.currentThread().interrupt());
        feed.start();
        await(() -> feed.stats().answers() >= 1);

        server.answer(delta(NOW, 3, 8, session("a", NOW)));

        await(() -> feed.current().orElseThrow().cursor() == 8);
    }

    @Test
    void startsFromItsCopyWhileTheServerIsGone() throws IOException {
        TrustFeed first = startWith(full(NOW, 3, List.of(K1), 7, session("a", NOW)));
        TrustSnapshot before = first.current().orElseThrow();
        first.close();
        server.behave(FakeTrustServer.status(503));
        clock.advance(Duration.ofMinutes(10));

        TrustFeed second = startFeed();

        assertThat(second.current()).as("at once, before any answer").isPresent();
        TrustSnapshot after = second.current().orElseThrow();
        assertThat(after.keys()).isEqualTo(before.keys());
        assertThat(after.keysVersion()).isEqualTo(3);
        assertThat(after.cursor()).isEqualTo(7);
        assertThat(after.epoch()).isEqualTo(EPOCH);
        assertThat(after.revocations().entries()).isEqualTo(before.revocations().entries());
        assertThat(second.age()).isEqualTo(Duration.ofMinutes(10));
    }

    /** Also after kill -9: the copy is read here while its writer still runs, so that no farewell has touched it. */
    @Test
    void theCopysAgeIsThatOfTheLastAnswerNotOfTheLastChange() {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        TrustState copy = new TrustState(temp.resolve("state"), Lifetimes.TRUST_HARD_CAP);

        for (int minutes = 0; minutes < 90; minutes += 30) {
            clock.advance(Duration.ofMinutes(30));
            Instant asOf = clock.instant();
            server.answer(delta(asOf, 3, 7));
            await(feed::isFresh);
            await(() -> copy.load(asOf)
                    .filter(trust -> trust.snapshot().asOf().equals(asOf))
                    .isPresent());
        }
    }

    @Test
    void closingWritesTheLatestWord() {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));
        clock.advance(Duration.ofSeconds(10));
        server.answer(delta(clock.instant(), 3, 7));
        await(() -> feed.age().isZero());

        feed.close();

        assertThat(new TrustState(temp.resolve("state"), Lifetimes.TRUST_HARD_CAP).load(clock.instant()))
                .hasValueSatisfying(copy -> assertThat(copy.snapshot().asOf()).isEqualTo(clock.instant()));
    }

    @Test
    void worksWithoutAUsableStateFolder() throws IOException {
        Files.writeString(temp.resolve("state"), "a file where the folder should be");

        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));

        await(() -> feed.stats().stateFailures() >= 1);
        assertThat(feed.current()).isPresent();
    }

    @Test
    void tenThousandUnknownKeysAskForOneEarlyRefresh() {
        TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", clock);
        server.answer(full(NOW, 3, List.of(K1), 7));
        // So long between ordinary questions that none falls into this test.
        TrustFeed feed = feed(Duration.ofHours(1));
        feed.start();
        await(() -> feed.current().isPresent());
        TokenVerifier verifier = new TokenVerifier(
                new VerifierPolicy(issuer.issuer(), issuer.audience(), Lifetimes.CLOCK_SKEW, 100), feed, clock);
        clock.advance(Duration.ofMinutes(1));

        for (int i = 0; i < 10_000; i++) {
            String token = issuer.sign(
                    issuer.header().keyID("bogus-" + i).build(),
                    issuer.claims(TestIssuer.ALICE).build());
            assertThat(verifier.verify(token)).isInstanceOf(Verdict.Unknown.class);
        }
        await(() -> server.questions().size() == 2);
        clock.advance(Duration.ofMillis(4_999));
        feed.refreshSoon();
        assertThat(feed.stats().earlyRefreshes()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        feed.refreshSoon();
        await(() -> server.questions().size() == 3);

        assertThat(feed.stats().earlyRefreshes()).isEqualTo(2);
        assertThat(verifier.stats().refusedByReason()).containsEntry(AuthError.TRUST_UNAVAILABLE, 10_000L);
    }

    @Test
    void aKeyThatAppearsDuringTheWaitIsFoundByTheEarlyRefresh() {
        TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", clock);
        server.answer(full(NOW, 3, List.of(K1), 7));
        TrustFeed feed = feed(Duration.ofHours(1));
        feed.start();
        await(() -> feed.current().isPresent());
        TokenVerifier verifier = new TokenVerifier(
                new VerifierPolicy(issuer.issuer(), issuer.audience(), Lifetimes.CLOCK_SKEW, 100), feed, clock);
        clock.advance(Duration.ofSeconds(10));
        PublishedKey fresh =
                TrustAnswers.published("test-1", issuer.snapshot().keys().get("test-1"));
        server.answer(full(clock.instant(), 4, List.of(K1, fresh), 7));
        String token = issuer.accessToken();

        assertThat(verifier.verify(token)).isInstanceOf(Verdict.Unknown.class);
        await(() -> verifier.verify(token) instanceof Verdict.Accepted);
    }

    @Test
    void endsWhenClosedAndKeepsWhatItHeld() throws Exception {
        TrustFeed feed = startWith(full(NOW, 3, List.of(K1), 7));

        feed.close();
        feed.close();
        int asked = server.questions().size();
        TrustFeed other = feed(Duration.ofMillis(10), temp.resolve("other"), "another-node");
        other.start();
        await(() -> server.questions().size() >= asked + 10);

        for (FakeTrustServer.Question question :
                server.questions().subList(asked, server.questions().size())) {
            assertThat(assertion(question).getJWTClaimsSet().getStringClaim(Claims.INSTANCE))
                    .isEqualTo("another-node");
        }
        assertThat(feed.current()).isPresent();
        assertThatIllegalStateException().isThrownBy(feed::start);
    }

    @Test
    void closesAtOnceAlsoInTheMiddleOfAQuestion() {
        server.behave(server.silence());
        TrustFeed feed = startFeed();
        await(() -> !server.questions().isEmpty());

        long begin = System.nanoTime();
        feed.close();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aFeedThatNeverStartedCloses() {
        feed().close();
    }

    private void assertKept(FakeTrustServer.Behaviour behaviour) {
        server.answer(full(NOW, 3, List.of(K1), 7));
        TrustFeed feed = feed(Duration.ofMillis(10), temp.resolve("kept-" + feeds.size()), "task-service-1");
        feed.start();
        await(() -> feed.current().isPresent());
        TrustSnapshot before = feed.current().orElseThrow();
        long failures = feed.stats().failures();

        server.behave(behaviour);
        await(() -> feed.stats().failures() >= failures + 2);

        TrustSnapshot after = feed.current().orElseThrow();
        assertThat(after).isEqualTo(before);
        server.answer(delta(NOW, 3, 8, session("later", NOW)));
        await(() -> feed.current().orElseThrow().cursor() == 8);
        feed.close();
    }

    private TrustFeed startWith(TrustAnswer answer) {
        server.answer(answer);
        TrustFeed feed = startFeed();
        await(() -> feed.stats().answers() >= 1);
        return feed;
    }

    private TrustFeed startFeed() {
        TrustFeed feed = feed();
        feed.start();
        return feed;
    }

    private TrustFeed feed() {
        return feed(Duration.ofMillis(10));
    }

    private TrustFeed feed(Duration pollEvery) {
        return feed(pollEvery, temp.resolve("state"), "task-service-1");
    }

    private TrustFeed feed(InstantSource now) {
        return feed(Duration.ofMillis(10), temp.resolve("state"), "task-service-1", now);
    }

    private TrustFeed feed(Duration pollEvery, Path folder, String instance) {
        return feed(pollEvery, folder, instance, clock);
    }

    private TrustFeed feed(Duration pollEvery, Path folder, String instance, InstantSource now) {
        return feed(pollEvery, folder, instance, now, READ_TIMEOUT);
    }

    private TrustFeed feed(Duration pollEvery, Path folder, String instance, InstantSource now, Duration readTimeout) {
        ClientAssertions assertions =
                new ClientAssertions("task-service", clientKey, "http://localhost:8080/auth", instance, clock);
        TrustFeed feed = new TrustFeed(
                new TrustFeedSettings(server.url(), folder, pollEvery, readTimeout, Lifetimes.TRUST_HARD_CAP),
                assertions,
                now);
        feeds.add(feed);
        return feed;
    }

    private static SignedJWT assertion(FakeTrustServer.Question question) throws ParseException {
        return SignedJWT.parse(question.authorization().substring("Bearer ".length()));
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 20 s in vain").isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
