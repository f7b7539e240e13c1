package dev.firebreak.gateway;

import static dev.firebreak.gateway.FakeAuthServer.TOKEN;
import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import dev.firebreak.gateway.session.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RenewalIT {
    static final Duration DUE = Duration.ofMinutes(6);
    static final Duration EXPIRED = Duration.ofMinutes(16);

    static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void reset() {
        gateway.reset();
    }

    int tokenRequests() {
        return gateway.auth().face().calls(TOKEN).size();
    }

    String tokenSentLast() {
        return gateway.tasks().lastCall().header("Authorization");
    }

    @Test
    void asksNobodyWhileTheTokenIsYoung() {
        Client browser = gateway.browser();
        gateway.clock().advance(Duration.ofMinutes(4));

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.setCookies(COOKIE)).isEmpty();
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @Test
    void renewsADueTokenAndSendsTheNewCookieAlong() {
        Client browser = gateway.browser();
        String first = tokenAfter(browser.get("/api/v1/tasks"));
        gateway.clock().advance(DUE);

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.newCookie(COOKIE)).startsWith("v1.c1.");
        assertThat(answer.setCookies(COOKIE).getFirst()).contains("Path=/", "HttpOnly", "SameSite=Lax");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(tokenSentLast()).isNotEqualTo(first);
        assertThat(tokenRequests()).isOne();
        assertThat(gateway.auth().face().lastCall().form())
                .containsEntry("grant_type", "refresh_token")
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");

        browser.keep(answer).get("/api/v1/tasks");
        assertThat(tokenRequests()).as("the new token is young").isOne();
    }

    @ParameterizedTest
    @MethodSource("ages")
    void asksOnceForFiftyParallelCalls(Duration age) {
        String old = gateway.seal(gateway.session("shared"));
        gateway.clock().advance(age);

        List<CompletableFuture<Answer>> calls = IntStream.range(0, 50)
                .mapToObj(_ -> gateway.client().cookie(COOKIE, old).getAsync("/api/v1/tasks"))
                .toList();

        assertThat(calls).allSatisfy(call -> assertThat(call.join().status()).isEqualTo(200));
        assertThat(tokenRequests()).isOne();
    }

    static Stream<Duration> ages() {
        return Stream.of(DUE, EXPIRED);
    }

    @Test
    void givesTheSameResultToWhoeverComesWithTheOldCookieForThirtySeconds() {
        Client browser = gateway.browser();
        gateway.clock().advance(DUE);
        Answer first = browser.get("/api/v1/tasks");
        String renewed = tokenSentLast();

        gateway.clock().advance(Duration.ofSeconds(29));
        Answer straggler = browser.get("/api/v1/tasks");

        assertThat(straggler.newCookie(COOKIE)).isEqualTo(first.newCookie(COOKIE));
        assertThat(tokenSentLast()).isEqualTo(renewed);
        assertThat(tokenRequests()).isOne();
    }

    @Test
    void renewsAgainWhenTheNewCookieWasLostForLonger() {
        Client browser = gateway.browser();
        gateway.clock().advance(DUE);
        browser.get("/api/v1/tasks");

        gateway.clock().advance(Duration.ofSeconds(31));
        Answer again = browser.get("/api/v1/tasks");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.newCookie(COOKIE)).isNotNull();
        assertThat(tokenRequests()).isEqualTo(2);
    }

    @Test
    void survivesALostCookieAfterAPauseOfDays() {
        Client browser = gateway.browser();
        gateway.clock().advance(DUE);
        browser.get("/api/v1/tasks");

        gateway.clock().advance(Duration.ofDays(3));
        Answer later = browser.get("/api/v1/tasks");

        assertThat(later.status()).isEqualTo(200);
        assertThat(browser.keep(later).get("/session").status()).isEqualTo(200);
    }

    @Test
    void keepsARenewalThatNobodyWaitedForUntilSomeoneComes() {
        Client browser = gateway.browser();
        gateway.clock().advance(DUE);
        gateway.auth().face().hang();

        double before = renewals("done");
        Answer impatient = browser.get("/api/v1/tasks");
        gateway.auth().face().resume();
        Eventually.holds("the renewal lands", () -> renewals("done") == before + 1);
        gateway.clock().advance(Duration.ofMinutes(4));
        Answer next = browser.get("/api/v1/tasks");

        assertThat(impatient.status()).isEqualTo(200);
        assertThat(impatient.setCookies(COOKIE)).isEmpty();
        assertThat(impatient.took()).isBetween(Duration.ofMillis(1900), Duration.ofSeconds(4));
        assertThat(next.newCookie(COOKIE)).isNotNull();
        assertThat(tokenRequests()).isOne();
    }

    @Test
    void letsOnlyTheFirstCallWaitWhileTheTokenServes() {
        String old = gateway.seal(gateway.session("patient"));
        gateway.clock().advance(DUE);
        gateway.auth().face().hang();
        CompletableFuture<Answer> starter = gateway.client().cookie(COOKIE, old).getAsync("/api/v1/tasks");
        Eventually.holds("the renewal is under way", () -> tokenRequests() == 1);

        Answer other = gateway.client().cookie(COOKIE, old).get("/api/v1/tasks");

        assertThat(other.status()).isEqualTo(200);
        assertThat(starter.join().status()).isEqualTo(200);
        assertThat(tokenRequests()).isOne();
    }

    @Test
    void waitsForTheRenewalWhenTheTokenHasExpired() {
        Client browser = gateway.browser();
        gateway.clock().advance(Duration.ofDays(2));

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.newCookie(COOKIE)).isNotNull();
    }

    @Test
    void renewsATokenWhoseKeyWasRevoked() {
        Client browser = gateway.browser();
        String kid = gateway.issuer().header().build().getKeyID();
        gateway.issuer().rotate();
        gateway.issuer().revoke(Revocation.Kind.KID, kid);

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.newCookie(COOKIE)).isNotNull();
    }

    static Stream<Arguments> outages() {
        return Stream.of(
                Arguments.of(
                        "refused", (Outage) gateway -> gateway.auth().face().stop()),
                Arguments.of("hung", (Outage) gateway -> gateway.auth().face().hang()),
                Arguments.of("503", reply(503, "{\"error\":\"temporarily_unavailable\"}")),
                Arguments.of("500", reply(500, "oops")),
                Arguments.of("429", reply(429, "{\"error\":\"slow_down\"}")),
                Arguments.of("invalid_client", reply(401, "{\"error\":\"invalid_client\"}")),
                Arguments.of("nonsense", reply(200, "<html>")));
    }

    interface Outage {
        void begin(TestGateway gateway);
    }

    static Outage reply(int status, String body) {
        return gateway -> gateway.auth().face().behave(call -> Reply.json(status, body));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("outages")
    void servesOnWithTheOldTokenWhileTheAuthorizationServerIsAway(String kind, Outage outage) {
        List<Client> browsers =
                IntStream.range(0, 10).mapToObj(_ -> gateway.browser()).toList();
        gateway.clock().advance(DUE);
        outage.begin(gateway);

        List<Answer> answers = new ArrayList<>();
        for (int minute = 0; minute < 8; minute++) {
            browsers.forEach(browser -> answers.add(browser.get("/api/v1/tasks")));
            gateway.clock().advance(Duration.ofMinutes(1));
        }

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.setCookies(COOKIE)).isEmpty();
        });
        Answer session = browsers.getFirst().get("/session");
        assertThat(session.status()).isEqualTo(200);
        assertThat(session.json()).containsEntry("renewal", "delayed");
        assertThat(session.json().get("valid_until")).asString().endsWith("Z");
    }

    @Test
    void asksAnAbsentServerNowAndThenAndNotOncePerRequest() {
        List<Client> browsers =
                IntStream.range(0, 30).mapToObj(_ -> gateway.browser()).toList();
        gateway.clock().advance(DUE);
        reply(503, "{}").begin(gateway);

        browsers.forEach(browser -> browser.get("/api/v1/tasks"));
        assertThat(tokenRequests()).as("before it counts as away").isEqualTo(3);

        gateway.clock().advance(Duration.ofSeconds(6));
        browsers.forEach(browser -> browser.get("/api/v1/tasks"));
        assertThat(tokenRequests()).as("one probe").isEqualTo(4);
    }

    @Test
    void healsByItself() {
        List<Client> browsers =
                IntStream.range(0, 5).mapToObj(_ -> gateway.browser()).toList();
        gateway.clock().advance(DUE);
        gateway.auth().face().stop();
        browsers.forEach(browser -> browser.get("/api/v1/tasks"));

        gateway.auth().face().restart();
        gateway.clock().advance(Duration.ofSeconds(11));

        browsers.forEach(browser ->
                assertThat(browser.get("/api/v1/tasks").newCookie(COOKIE)).isNotNull());
        assertThat(browsers.getFirst().get("/session").json()).containsEntry("renewal", "ok");
    }

    @Test
    void sendsNoTokenThatCouldEndOnTheWay() {
        Client browser = gateway.browser();
        gateway.clock().advance(Duration.ofMinutes(14).plusSeconds(55));
        gateway.auth().face().stop();

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.unavailable");
        assertThat(gateway.tasks().calls()).isEmpty();
    }

    @Test
    void keepsTheSessionThroughAnOutageLongerThanItsToken() {
        Client browser = gateway.browser();
        gateway.clock().advance(EXPIRED);
        gateway.auth().face().stop();

        Answer call = browser.get("/api/v1/tasks");
        Answer session = browser.get("/session");

        assertThat(call.status()).isEqualTo(503);
        assertThat(call.code()).isEqualTo("auth.unavailable");
        assertThat(call.header("Retry-After")).matches("[1-9]|10");
        assertThat(call.setCookies(COOKIE)).isEmpty();
        assertThat(session.status()).isEqualTo(200);
        assertThat(session.json()).containsEntry("renewal", "paused");
        assertThat(session.setCookies(COOKIE)).isEmpty();

        gateway.auth().face().restart();
        gateway.clock().advance(Duration.ofSeconds(11));
        assertThat(browser.get("/api/v1/tasks").status()).isEqualTo(200);
    }

    @Test
    void waitsNoLongerThanPromisedForAHungServer() {
        Client browser = gateway.browser();
        gateway.clock().advance(EXPIRED);
        gateway.auth().face().hang();

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isIn("auth.unavailable", "session.renewing");
        assertThat(answer.took()).isLessThan(Duration.ofSeconds(5));
        assertThat(answer.setCookies(COOKIE)).isEmpty();
    }

    @Test
    void endsTheSessionOnTheAuthorizationServersWord() {
        Client browser = gateway.browser("ended-elsewhere");
        gateway.auth().endFamilies("ended-elsewhere");
        gateway.clock().advance(DUE);

        Answer answer = browser.get("/api/v1/tasks");
        Answer session = browser.get("/session");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("session.ended");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(answer.clears(COOKIE)).isTrue();
        assertThat(session.code()).isEqualTo("session.ended");
        assertThat(session.clears(COOKIE)).isTrue();
        assertThat(tokenRequests()).as("the word is remembered").isOne();
    }

    @ParameterizedTest
    @MethodSource("ending")
    void endsTheSessionWhenItOrItsUserWasRevoked(Revocation.Kind kind, Duration age) {
        String sub = UUID.randomUUID().toString();
        String sid = UUID.randomUUID().toString();
        Client browser = gateway.client().cookie(COOKIE, gateway.seal(gateway.session(sub, sid)));
        gateway.clock().advance(age);
        gateway.issuer().revoke(kind, kind == Revocation.Kind.SID ? sid : sub);

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("session.ended");
        assertThat(answer.clears(COOKIE)).isTrue();
        assertThat(tokenRequests()).isZero();
    }

    static Stream<Arguments> ending() {
        return Stream.of(Duration.ofMinutes(1), EXPIRED)
                .flatMap(age ->
                        Stream.of(Arguments.of(Revocation.Kind.SID, age), Arguments.of(Revocation.Kind.SUB, age)));
    }

    @Test
    void endsTheSessionAtItsEnd() {
        Session session = gateway.session("thirty-days");
        Client browser = gateway.client().cookie(COOKIE, gateway.seal(session));
        gateway.clock().advance(Duration.ofDays(30));

        Answer answer = browser.get("/session");

        assertThat(answer.code()).isEqualTo("session.ended");
        assertThat(answer.clears(COOKIE)).isTrue();
    }

    @Test
    void provesNothingWithoutTrustData() {
        Client browser = gateway.browser();
        gateway.issuer().loseTrust();

        Answer call = browser.get("/api/v1/tasks");
        Answer session = browser.get("/session");

        assertThat(call.status()).isEqualTo(503);
        assertThat(call.code()).isEqualTo("auth.trust_unavailable");
        assertThat(session.status()).isEqualTo(200);
        assertThat(session.json()).containsEntry("renewal", "paused");
        assertThat(call.setCookies(COOKIE)).isEmpty();
    }

    @Test
    void pacesRenewalsAndTellsTheRestToComeBack() {
        try (TestGateway slow = TestGateway.start(Map.of("gateway.renewal.per-second", "2"))) {
            List<Client> browsers =
                    IntStream.range(0, 5).mapToObj(_ -> slow.browser()).toList();
            slow.clock().advance(EXPIRED);

            List<Answer> answers = browsers.stream()
                    .map(browser -> browser.get("/api/v1/tasks"))
                    .toList();

            assertThat(answers).extracting(Answer::status).containsExactly(200, 200, 503, 503, 503);
            assertThat(answers.getLast().code()).isEqualTo("session.renewing");
            assertThat(answers.getLast().header("Retry-After")).matches("[1-9]|10");
            assertThat(answers.getLast().setCookies(COOKIE)).isEmpty();
            assertThat(slow.auth().face().calls(TOKEN)).hasSize(2);

            slow.clock().advance(Duration.ofSeconds(1));
            assertThat(browsers.getLast().get("/api/v1/tasks").status()).isEqualTo(200);
        }
    }

    @Test
    void boundsRenewalsInFlight() {
        try (TestGateway narrow = TestGateway.start(Map.of("gateway.renewal.max-in-flight", "2"))) {
            narrow.auth().face().hang();
            List<Client> browsers =
                    IntStream.range(0, 6).mapToObj(_ -> narrow.browser()).toList();
            narrow.clock().advance(DUE);

            List<CompletableFuture<Answer>> calls = browsers.stream()
                    .map(browser -> browser.getAsync("/api/v1/tasks"))
                    .toList();

            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().status()).isEqualTo(200));
            assertThat(narrow.auth().face().calls(TOKEN)).hasSize(2);
        }
    }

    @Test
    void renewsForNobodyButTheApiAndTheSession() {
        Client browser = gateway.browser();
        gateway.clock().advance(DUE);

        browser.get("/");
        browser.get("/auth/login");
        browser.get("/errors/task.not_found");
        browser.get("/livez");

        assertThat(tokenRequests()).isZero();
        assertThat(browser.get("/session").newCookie(COOKIE)).isNotNull();
    }

    @Test
    void deliversTheNewCookieEvenWithAnErrorOfTheService() {
        Client browser = gateway.browser();
        gateway.clock().advance(DUE);
        gateway.tasks().stop();

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.newCookie(COOKIE)).isNotNull();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    private static double renewals(String outcome) {
        return gateway.metrics().counter("gateway.renewals", "outcome", outcome).count();
    }

    private String tokenAfter(Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return tokenSentLast();
    }
}
