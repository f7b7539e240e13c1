package dev.firebreak.auth.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.TestServer;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustFeed;
import dev.firebreak.trust.TrustFeedSettings;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifierPolicy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Orders to take something back, over HTTP, with two real verifiers that follow the feed. */
class RevocationsControllerIT {
    static final String OPS = "/auth/internal/v1/ops";
    static final String REVOCATIONS = OPS + "/trust/revocations";
    static final List<String> BOTH = List.of("gateway/gateway-test", "task-service/task-service-test");

    /** The promise: by then no verifier accepts what was taken back. */
    static final long IN_FORCE_MS = 5_000;

    @TempDir
    Path folder;

    TestServer server;
    TrustFeed gateway;
    TrustFeed tasks;
    TestPeople people;

    @BeforeEach
    void start() {
        server = new TestServer(8);
        gateway = feed("gateway", "gateway-test", Duration.ofSeconds(1), Duration.ofSeconds(4));
        tasks = feed("task-service", "task-service-test", Duration.ofSeconds(1), Duration.ofSeconds(4));
        people = new TestPeople(server.bean(JdbcClient.class), server.clock);
        awaitVerifiers(2);
    }

    TrustFeed feed(String client, String instance, Duration pollEvery, Duration readTimeout) {
        TrustFeed feed = new TrustFeed(
                new TrustFeedSettings(
                        URI.create(server.oauth.internalUrl("/auth/internal/v1/trust")),
                        folder.resolve(instance),
                        pollEvery,
                        readTimeout,
                        Lifetimes.TRUST_HARD_CAP),
                new ClientAssertions(
                        client, server.deployment.key(client), TestDeployment.ISSUER, instance, server.clock),
                server.clock);
        feed.start();
        return feed;
    }

    void awaitVerifiers(int number) {
        Eventually.within(Duration.ofSeconds(10), "every verifier has asked with what it has", () -> {
            JsonNode list = get("/trust").path("verifiers");
            return list.size() == number
                    && list.valueStream().allMatch(it -> it.path("current").asBoolean());
        });
    }

    @AfterEach
    void stop() {
        gateway.close();
        tasks.close();
        server.close();
    }

    @Test
    void aSessionEndsAtEveryVerifierAndCannotBeRenewed() {
        SignedIn ada = people.signIn();
        Answer tokens = server.oauth.tokens(ada);
        Answer elsewhere = server.oauth.tokens(people.signInAgain(ada.userId(), ada.email()));
        assertAccepted(tokens.text("access_token"));

        JsonNode answer = revoke("session", ada.sid().toString());

        assertInForce("session", answer);
        assertRefused(tokens.text("access_token"), Revocation.Kind.SID);
        assertThat(server.oauth.refresh(tokens.text("refresh_token")).text("error"))
                .isEqualTo("invalid_grant");
        assertAccepted(elsewhere.text("access_token"));
        assertThat(answer.path("says").get(0).asString()).isEqualTo("The session has ended.");
        assertThat(revoke("session", ada.sid().toString()).path("says").get(0).asString())
                .as("again")
                .startsWith("No live session has this id");
    }

    @Test
    void aUserLosesEverySessionAndMayBeginAnew() {
        SignedIn ada = people.signIn();
        String one = server.oauth.tokens(ada).text("access_token");
        String two = server.oauth
                .tokens(people.signInAgain(ada.userId(), ada.email()))
                .text("access_token");
        String bob = server.oauth.tokens(people.signIn()).text("access_token");
        assertAccepted(one);
        server.clock.advance(Duration.ofSeconds(1));

        JsonNode answer = revoke("user", ada.email());

        assertInForce("user", answer);
        assertThat(answer.path("value").asString()).isEqualTo(ada.userId().toString());
        assertRefused(one, Revocation.Kind.SID);
        assertRefused(two, Revocation.Kind.SID);
        assertAccepted(bob);
        server.clock.advance(Duration.ofSeconds(1));
        assertAccepted(server.oauth
                .tokens(people.signInAgain(ada.userId(), ada.email()))
                .text("access_token"));
    }

    @Test
    void aClientLosesTheTokensThatItHasNow() {
        String before = serviceToken();
        String person = server.oauth.tokens(people.signIn()).text("access_token");
        assertAccepted(before);

        JsonNode answer = revoke("client", "demo-service");

        assertInForce("client", answer);
        assertRefused(before, Revocation.Kind.CLIENT);
        assertAccepted(person);
        server.clock.advance(Lifetimes.CLOCK_SKEW.plusSeconds(1));
        Eventually.within(Duration.ofSeconds(10), "a new one is good", () -> accepts(tasks, serviceToken()));
    }

    @Test
    void aSingleTokenEndsAndItsSessionGoesOn() {
        Answer tokens = server.oauth.tokens(people.signIn());
        String jti =
                String.valueOf(TestOAuth.claims(tokens.text("access_token")).get("jti"));
        assertAccepted(tokens.text("access_token"));

        JsonNode answer = revoke("token", jti);

        assertInForce("token", answer);
        assertRefused(tokens.text("access_token"), Revocation.Kind.JTI);
        assertAccepted(server.oauth.refresh(tokens.text("refresh_token")).text("access_token"));
    }

    @Test
    void whoDisablesAUserIsToldWhenEachVerifierObeyed() {
        SignedIn ada = people.signIn();
        String token = server.oauth.tokens(ada).text("access_token");
        server.clock.advance(Duration.ofSeconds(1));

        JsonNode answer = order(OPS + "/users/" + ada.userId() + "/disable", "", 200);

        assertThat(answer.path("disabled").asBoolean()).isTrue();
        assertThat(answer.path("email").asString()).isEqualTo(ada.email());
        assertInForce("user, disabled", answer);
        assertRefused(token, Revocation.Kind.SID);
        assertThat(order(OPS + "/users/" + ada.userId() + "/disable", "", 200)
                        .path("missing")
                        .toString())
                .as("again")
                .isEqualTo("[]");
    }

    @Test
    void namesTheVerifierThatDidNotHearOfIt() {
        // Asks once an hour, and has too little time for the server to hold its question until there is news.
        try (TrustFeed deaf = feed("gateway", "gateway-deaf", Duration.ofHours(1), Duration.ofSeconds(1))) {
            awaitVerifiers(3);
            String token = serviceToken();

            JsonNode answer = revoke("client", "demo-service");

            assertThat(answer.path("missing").toString()).isEqualTo("[\"gateway/gateway-deaf\"]");
            assertThat(verifiers(answer)).containsExactlyInAnyOrderElementsOf(BOTH);
            assertThat(accepts(deaf, token)).isTrue();
            assertRefused(token, Revocation.Kind.CLIENT);
        }
    }

    /** A verifier that was killed counts as live for an hour: till then each order would hold a request for 5 s. */
    @Test
    void manyOrdersAtOnceAreAllCarriedOutAndOnlySoManyAreWatched() throws Exception {
        try (TrustFeed _ = feed("gateway", "gateway-deaf", Duration.ofHours(1), Duration.ofSeconds(1))) {
            awaitVerifiers(3);
            AtomicInteger crowded = new AtomicInteger();
            AtomicInteger watched = new AtomicInteger();

            Parallel.run(48, () -> {
                JsonNode answer = revoke("session", UUID.randomUUID().toString());
                assertThat(answer.path("missing").toString()).contains("gateway/gateway-deaf");
                return answer.path("says").toString().contains("Too many orders are watched")
                        ? crowded.incrementAndGet()
                        : watched.incrementAndGet();
            });

            // A slow machine may begin the last orders when the first watch has ended.
            assertThat(watched.get()).isBetween(16, 32);
            assertThat(crowded.get()).isEqualTo(48 - watched.get());
            assertThat(server.bean(JdbcClient.class)
                            .sql("SELECT count(*) FROM revocation WHERE kind = 'sid'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(48);
        }
    }

    @Test
    void writesWhoAndWhyIntoTheJournal() {
        String sid = UUID.randomUUID().toString();

        JsonNode answer = revoke("session", sid);

        JsonNode entries = get("/audit?after=0&limit=100").path("entries");
        JsonNode last = entries.get(entries.size() - 1);
        assertThat(last.path("seq").asLong())
                .isEqualTo(answer.path("journal_seq").asLong());
        assertThat(last.path("order").asString()).isEqualTo("revoke");
        assertThat(last.path("subject").asString()).isEqualTo("session");
        assertThat(last.path("id").asString()).isEqualTo(sid);
        assertThat(last.path("reason").asString()).isEqualTo("a test");
        assertThat(last.path("actor").asString()).isEqualTo("client operator-cli/operator-cli-test");
        assertThat(get("/keys/history/verify").path("ok").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"kind\":\"key\",\"value\":\"x\",\"reason\":\"a test\"} | 400 | /kind",
                "{\"kind\":\"session\",\"value\":\"x\",\"reason\":\"a test\"} | 400 | /value",
                "{\"kind\":\"token\",\"value\":\"a b\",\"reason\":\"a test\"} | 400 | /value",
                "{\"kind\":\"client\",\"value\":\"\",\"reason\":\"a test\"} | 400 | /value",
                "{\"kind\":\"token\",\"value\":\"x\"} | 400 | /reason",
                "{\"kind\":\"token\",\"value\":\"x\",\"reason\":\"  \"} | 400 | /reason",
                "{\"kind\":\"user\",\"value\":\"nobody@example.com\",\"reason\":\"a test\"} | 404 | user.not_found"
            })
    void saysWhatIsWrongWithAnOrderAndTakesNothingBack(String body, int status, String says) {
        long cursor = get("/trust").path("cursor").asLong();

        assertThat(order(REVOCATIONS, body, status).toString()).contains(says);

        assertThat(server.bean(JdbcClient.class)
                        .sql("SELECT revocation_seq FROM trust_state")
                        .query(Long.class)
                        .single())
                .isEqualTo(cursor);
    }

    @Test
    void onlyOperatorsMayOrder() {
        Answer refused = server.oauth.send(server.oauth
                .internal(REVOCATIONS, "gateway")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}")));

        assertThat(refused.status()).isEqualTo(403);
    }

    void assertInForce(String what, JsonNode answer) {
        assertThat(verifiers(answer)).containsExactlyInAnyOrderElementsOf(BOTH);
        assertThat(answer.path("missing").toString()).isEqualTo("[]");
        answer.path("effective").forEach(it -> {
            System.out.printf(
                    "[figure] revocation of a %s in force at %s after %d ms%n",
                    what, it.path("verifier").asString(), it.path("after_ms").asLong());
            assertThat(it.path("after_ms").asLong()).isBetween(0L, IN_FORCE_MS);
        });
    }

    static List<String> verifiers(JsonNode answer) {
        return answer.path("effective")
                .valueStream()
                .map(it -> it.path("verifier").asString())
                .toList();
    }

    /** At once, because the order's answer said so. */
    void assertRefused(String token, Revocation.Kind why) {
        assertThat(verdict(gateway, token)).isEqualTo(new Verdict.Refused(AuthError.TOKEN_REVOKED, why));
        assertThat(verdict(tasks, token)).isEqualTo(new Verdict.Refused(AuthError.TOKEN_REVOKED, why));
    }

    void assertAccepted(String token) {
        assertThat(verdict(gateway, token)).isInstanceOf(Verdict.Accepted.class);
        assertThat(verdict(tasks, token)).isInstanceOf(Verdict.Accepted.class);
    }

    boolean accepts(TrustFeed feed, String token) {
        return verdict(feed, token) instanceof Verdict.Accepted;
    }

    Verdict verdict(TrustFeed feed, String token) {
        return new TokenVerifier(
                        new VerifierPolicy(
                                TestDeployment.ISSUER, TestDeployment.ORIGIN + "/api", Lifetimes.CLOCK_SKEW, 100),
                        feed,
                        server.clock)
                .verify(token);
    }

    JsonNode revoke(String kind, String value) {
        String body = JsonMapper.shared().writeValueAsString(Map.of("kind", kind, "value", value, "reason", "a test"));
        return order(REVOCATIONS, body, 200);
    }

    JsonNode order(String path, String body, int status) {
        Answer answer = server.oauth.send(server.oauth
                .internal(path, "operator-cli")
                .header("Content-Type", "application/json")
                .POST(
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.raw().body());
    }

    JsonNode get(String path) {
        Answer answer = server.oauth.send(
                server.oauth.internal(OPS + path, "operator-cli").GET());
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.raw().body());
    }

    String serviceToken() {
        return server.oauth
                .token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token");
    }
}
