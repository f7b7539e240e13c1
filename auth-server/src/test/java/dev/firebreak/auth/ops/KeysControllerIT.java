package dev.firebreak.auth.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.TestServer;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.http.Headers;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustFeed;
import dev.firebreak.trust.TrustFeedSettings;
import dev.firebreak.trust.TrustSeed;
import dev.firebreak.trust.Verdict;
import dev.firebreak.trust.VerifierPolicy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Orders over HTTP, with two real verifiers that follow the feed. */
class KeysControllerIT {
    static final String KEYS = "/auth/internal/v1/ops/keys";

    @TempDir
    Path folder;

    TestServer server;
    TrustFeed gateway;
    TrustFeed tasks;
    TokenVerifier verifier;

    @BeforeEach
    void start() {
        server = new TestServer(8);
        gateway = feed("gateway");
        tasks = feed("task-service");
        verifier = new TokenVerifier(
                new VerifierPolicy(TestDeployment.ISSUER, TestDeployment.ORIGIN + "/api", Duration.ofSeconds(30), 100),
                tasks,
                server.clock);
        Eventually.within(Duration.ofSeconds(10), "both acknowledged the first key", () -> acknowledged(2));
    }

    TrustFeed feed(String client) {
        TrustFeed feed = new TrustFeed(
                new TrustFeedSettings(
                        URI.create(server.oauth.internalUrl("/auth/internal/v1/trust")),
                        folder.resolve(client),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Lifetimes.TRUST_HARD_CAP),
                server.deployment.assertions(client, server.clock),
                server.clock);
        feed.start();
        return feed;
    }

    @AfterEach
    void stop() {
        gateway.close();
        tasks.close();
        server.close();
    }

    @Test
    void listsKeysWithWhatComesNextAndWhoHasThem() {
        JsonNode list = get("");

        assertThat(list.path("keys").size()).isEqualTo(1);
        assertThat(list.path("keys").get(0).path("state").asString()).isEqualTo("active");
        assertThat(list.path("schedule").path("rotate_every_s").asLong()).isEqualTo(2_592_000);
        assertThat(list.path("verifiers").get(0).path("client").asString()).isEqualTo("gateway");
        assertThat(get("/plan").path("steps").size()).isEqualTo(3);
        assertThat(list.toString()).doesNotContain("\"d\"").doesNotContain("sealed");
    }

    @Test
    void rotatesWithinSecondsWhenForcedAndEveryTokenStaysGood() {
        String before = token();

        JsonNode answer = order("rotate", "{\"reason\":\"a partner asked\",\"force\":true}", 200);

        assertThat(answer.path("missing").size()).isZero();
        assertThat(answer.path("effective").size()).isEqualTo(2);
        Eventually.within(
                Duration.ofSeconds(5),
                "signs with the new key",
                () -> !kid(token()).equals(kid(before)));
        assertThat(verifier.verify(token())).isInstanceOf(Verdict.Accepted.class);
        assertThat(verifier.verify(before)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void anEmergencyEndsTheOldKeysTokensEverywhereWithinFiveSeconds() {
        String before = token();
        assertThat(verifier.verify(before)).isInstanceOf(Verdict.Accepted.class);

        long start = System.nanoTime();
        JsonNode answer = order("rotate", "{\"reason\":\"key leaked\",\"emergency\":true}", 200);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(answer.path("missing").toString()).isEqualTo("[]");
        assertThat(answer.path("effective").size()).isEqualTo(2);
        answer.path("effective")
                .forEach(it -> assertThat(it.path("after_ms").asLong()).isBetween(0L, 5_000L));
        assertThat(took).isLessThan(Duration.ofSeconds(15));
        assertThat(verifier.verify(before))
                .isEqualTo(new Verdict.Refused(AuthError.TOKEN_REVOKED, Revocation.Kind.KID));
        Eventually.within(
                Duration.ofSeconds(5),
                "signs with the new key",
                () -> !kid(token()).equals(kid(before)));
        assertThat(verifier.verify(token())).isInstanceOf(Verdict.Accepted.class);
        assertThat(get("").path("keys").get(0).path("state").asString()).isEqualTo("revoked");
    }

    @Test
    void anActivationNamesTheVerifierThatIsCutOffAndGoesOnWithoutItOnlyWhenItHasSaidGoodbye() {
        gateway.close();
        gateway = feed("gateway");
        Eventually.within(
                Duration.ofSeconds(10),
                "knows it again",
                () -> get("").path("verifiers").size() == 2);
        // A verifier that asks no more and never said goodbye.
        TrustFeed silent = new TrustFeed(
                new TrustFeedSettings(
                        URI.create(server.oauth.internalUrl("/auth/internal/v1/trust")),
                        folder.resolve("silent"),
                        Duration.ofHours(1),
                        // Too short for the server to hold its question until there is news.
                        Duration.ofSeconds(1),
                        Lifetimes.TRUST_HARD_CAP),
                new ClientAssertions(
                        "gateway",
                        server.deployment.key("gateway"),
                        TestDeployment.ISSUER,
                        "gateway-silent",
                        server.clock),
                server.clock);
        silent.start();
        Eventually.within(Duration.ofSeconds(10), "all three asked and acknowledged", () -> acknowledged(3));
        order("prepare", "{\"reason\":\"step by step\"}", 200);
        JsonNode published = order("publish", "{\"reason\":\"step by step\"}", 200);
        assertThat(published.path("missing").toString()).isEqualTo("[\"gateway/gateway-silent\"]");

        JsonNode refusal = order("activate", "{\"reason\":\"step by step\",\"force\":true}", 409);

        assertThat(refusal.path("code").asString()).isEqualTo("keys.unconfirmed");
        assertThat(refusal.path("detail").asString()).contains("gateway/gateway-silent");
        assertThat(refusal.path("violations").get(0).path("field").asString()).isEqualTo("gateway/gateway-silent");
        silent.close();
        Eventually.within(
                Duration.ofSeconds(10),
                "goodbye",
                () -> get("").path("verifiers").size() == 2);
        order("activate", "{\"reason\":\"step by step\",\"force\":true}", 200);
    }

    /** As it comes through the gateway, which waits longer for such an order than for anything else. */
    @Test
    void aPersonsOrderSeesTheMissingVerifierAndIsAnsweredThoughThatTakesLong() {
        TrustFeed silent = new TrustFeed(
                new TrustFeedSettings(
                        URI.create(server.oauth.internalUrl("/auth/internal/v1/trust")),
                        folder.resolve("silent"),
                        Duration.ofHours(1),
                        // Too short for the server to hold its question until there is news.
                        Duration.ofSeconds(1),
                        Lifetimes.TRUST_HARD_CAP),
                new ClientAssertions(
                        "gateway",
                        server.deployment.key("gateway"),
                        TestDeployment.ISSUER,
                        "gateway-silent",
                        server.clock),
                server.clock);
        silent.start();
        Eventually.within(Duration.ofSeconds(10), "all three asked and acknowledged", () -> acknowledged(3));
        SignedIn olga = new TestPeople(server.bean(JdbcClient.class), server.clock).signIn("operator");
        String opsToken = TestOAuth.requireOk(
                        server.oauth.exchangeForOps(server.oauth.tokens(olga).text("access_token")))
                .text("access_token");

        long start = System.nanoTime();
        Answer answer = server.oauth.send(server.oauth
                .get("/auth/api/v1/ops/keys/rotate")
                .header("Authorization", "Bearer " + opsToken)
                .header("Content-Type", "application/json")
                .header(Headers.TIMEOUT, "20000")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"key leaked\",\"emergency\":true}")));
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(took)
                .as("longer than an ordinary call may take")
                .isBetween(Duration.ofSeconds(5), Duration.ofSeconds(15));
        JsonNode told = JsonMapper.shared().readTree(answer.raw().body());
        assertThat(told.path("missing").toString()).isEqualTo("[\"gateway/gateway-silent\"]");
        assertThat(told.path("effective").size()).isEqualTo(2);
        JsonNode last =
                get("/history?limit=500").path("entries").valueStream().toList().getLast();
        assertThat(last.path("actor").asString()).isEqualTo("person " + olga.userId());
        silent.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\u2028", "\\u2029", "\\u202e"})
    void refusesAReasonThatCouldForgeALine(String character) {
        JsonNode refusal = order("rotate", "{\"reason\":\"a" + character + "forged line\",\"emergency\":true}", 400);

        assertThat(refusal.path("violations").get(0).path("field").asString()).isEqualTo("/reason");
        assertThat(get("").path("version").asLong()).as("nothing was done").isEqualTo(1);
    }

    @Test
    void tellsWhatIsWrongWithAnOrder() {
        assertThat(order("rotate", "{}", 400)
                        .path("violations")
                        .get(0)
                        .path("field")
                        .asString())
                .isEqualTo("/reason");
        assertThat(order("revoke", "{\"reason\":\"because\",\"force\":true}", 400)
                        .toString())
                .contains("/force");
        assertThat(order("prepare", "{\"reason\":\"because\",\"algorithm\":\"HS256\"}", 400)
                        .toString())
                .contains("ES256 or RS256");
        assertThat(order("rotate", "{\"reason\":\"because\",\"kid\":\"x\"}", 400)
                        .toString())
                .contains("/kid", "emergency only");
        assertThat(order("prepare", "{\"reason\":\"because\",\"kid\":\"x\"}", 400)
                        .toString())
                .contains("/kid");
        assertThat(order("revoke", "{\"reason\":\"because\",\"algorithm\":\"RS256\"}", 400)
                        .toString())
                .contains("/algorithm", "prepare and rotate only");
        assertThat(order("retire", "{\"reason\":\"because\",\"kid\":\"nope\"}", 404)
                        .path("code")
                        .asString())
                .isEqualTo("keys.not_found");
        JsonNode dry = order("rotate?dry_run=true", "{\"reason\":\"what if\",\"emergency\":true}", 200);
        assertThat(dry.path("dry_run").asBoolean()).isTrue();
        assertThat(dry.path("changes").size()).isEqualTo(4);
        assertThat(get("").path("keys").size()).isEqualTo(1);
    }

    @Test
    void keepsAJournalThatCanBeChecked() {
        order("prepare", "{\"reason\":\"for the journal\"}", 200);

        JsonNode history = get("/history?after=0&limit=100");
        JsonNode last = history.path("entries").get(history.path("entries").size() - 1);

        assertThat(last.path("reason").asString()).isEqualTo("for the journal");
        assertThat(last.path("actor").asString()).isEqualTo("client operator-cli/operator-cli-test");
        assertThat(last.path("hash").asString()).isEqualTo(history.path("head").asString());
        assertThat(last.path("kid").asString()).isEqualTo(last.path("id").asString());
        assertThat(last.path("subject").asString()).isEqualTo("signing-key");
        assertThat(get("/history/verify").path("ok").asBoolean()).isTrue();
    }

    @Test
    void theJournalOfKeysIsOfEveryRingAndTheWholeOneOfPeopleToo() {
        UUID alice = new TestPeople(server.bean(JdbcClient.class), server.clock)
                .signIn()
                .userId();
        Answer disabled = server.oauth.send(server.oauth
                .internal("/auth/internal/v1/ops/users/" + alice + "/disable", "operator-cli")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"reason\":\"left the company\"}")));
        assertThat(disabled.status()).isEqualTo(200);

        JsonNode keys = get("/history?limit=500");
        JsonNode all = ask("/auth/internal/v1/ops/audit?limit=500");

        assertThat(keys.path("entries").valueStream())
                .extracting(entry -> entry.path("subject").asString())
                .contains("signing-key", "refresh-key")
                .doesNotContain("user");
        JsonNode last = all.path("entries").valueStream().toList().getLast();
        assertThat(last.path("order").asString()).isEqualTo("disable");
        assertThat(last.path("subject").asString()).isEqualTo("user");
        assertThat(last.path("id").asString()).isEqualTo(alice.toString());
        assertThat(last.path("kid").isMissingNode() || last.path("kid").isNull())
                .isTrue();
        assertThat(last.path("reason").asString()).isEqualTo("left the company");
        assertThat(last.path("hash").asString())
                .isEqualTo(all.path("head").asString())
                .isEqualTo(keys.path("head").asString());
        assertThat(ask("/auth/internal/v1/ops/audit/verify").path("rows").asLong())
                .isEqualTo(all.path("entries").size());
    }

    @Test
    void aSeedStartsAVerifierThatCannotAsk() throws Exception {
        String token = token();
        Answer seed = server.oauth.send(
                server.oauth.internal(KEYS + "/export", "operator-cli").GET());
        assertThat(seed.status()).isEqualTo(200);
        Path state = Files.createDirectory(
                folder.resolve("seeded"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = Files.writeString(state.resolve(TrustSeed.FILE), seed.raw().body());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

        try (TrustFeed alone = new TrustFeed(
                new TrustFeedSettings(
                        URI.create("http://127.0.0.1:1/nobody"),
                        state,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(4),
                        Lifetimes.TRUST_HARD_CAP),
                server.deployment.assertions("task-service", server.clock),
                server.clock)) {
            alone.start();

            assertThat(new TokenVerifier(
                                    new VerifierPolicy(
                                            TestDeployment.ISSUER,
                                            TestDeployment.ORIGIN + "/api",
                                            Duration.ofSeconds(30),
                                            100),
                                    alone,
                                    server.clock)
                            .verify(token))
                    .isInstanceOf(Verdict.Accepted.class);
        }
    }

    @Test
    void drawsTheCurveByWhichSessionsAreRenewedAfterAnEmergency() {
        TestPeople people = new TestPeople(server.bean(JdbcClient.class), server.clock);
        Answer one = server.oauth.tokens(people.signIn());
        server.oauth.tokens(people.signIn());
        assertThat(get("/renewal").path("kids").size()).isZero();
        assertThat(get("/plan").path("dying_tokens").path("about").asLong()).isEqualTo(2);
        order("rotate", "{\"reason\":\"key leaked\",\"emergency\":true}", 200);

        Eventually.within(
                Duration.ofSeconds(5),
                "renewed",
                () -> server.oauth.refresh(one.text("refresh_token")).status() == 200);
        JsonNode curve = get("/renewal");

        assertThat(curve.path("kids").size()).isEqualTo(1);
        assertThat(curve.path("sessions").toString()).isEqualTo("{\"to_renew\":2,\"renewed\":1}");
        assertThat(curve.path("points").get(0).path("share").asDouble()).isEqualTo(0.5);
        assertThat(Instant.parse(curve.path("exact_until").asString()))
                .isAfterOrEqualTo(Instant.parse(curve.path("since").asString()));
    }

    @Test
    void tellsWhatVerifiersHave() {
        Answer answer = server.oauth.send(server.oauth
                .internal("/auth/internal/v1/ops/trust", "operator-cli")
                .GET());
        JsonNode trust = JsonMapper.shared().readTree(answer.raw().body());

        assertThat(trust.path("verifiers").size()).isEqualTo(2);
        assertThat(trust.path("verifiers").get(0).path("current").asBoolean()).isTrue();
        assertThat(trust.path("keys_version").asLong()).isEqualTo(1);
    }

    @Test
    void thirdPartiesMayKeepTheKeysForLessWhenAChangeIsNear() {
        Answer calm = server.oauth.send(server.oauth.get("/auth/oauth2/jwks"));
        assertThat(calm.header("Cache-Control")).isEqualTo("max-age=300, public, stale-if-error=86400");
        assertThat(server.oauth
                        .send(server.oauth.get("/auth/oauth2/jwks").header("If-None-Match", calm.header("ETag")))
                        .status())
                .isEqualTo(304);

        server.clock.advance(Duration.ofDays(29).minusMinutes(2));

        Eventually.within(
                Duration.ofSeconds(10),
                "shorter",
                () -> maxAge(server.oauth.send(server.oauth.get("/auth/oauth2/jwks"))) < 120);
    }

    static long maxAge(Answer answer) {
        return Long.parseLong(answer.header("Cache-Control").split("[=,]", -1)[1]);
    }

    @Test
    void onlyOperatorsMayAsk() {
        assertThat(server.oauth
                        .send(server.oauth.internal(KEYS, "gateway").GET())
                        .status())
                .isEqualTo(403);
        assertThat(server.oauth.send(server.oauth.get("/auth/api/v1/ops/keys")).status())
                .as("closed until operators' tokens are checked there")
                .isIn(401, 403, 404);
    }

    /** A verifier that has only just asked would ask again at once and get what comes meanwhile. */
    boolean acknowledged(int verifiers) {
        JsonNode list = get("").path("verifiers");
        return list.size() == verifiers
                && list.valueStream().allMatch(it -> it.path("current").asBoolean());
    }

    JsonNode get(String path) {
        return ask(KEYS + path);
    }

    JsonNode ask(String path) {
        Answer answer =
                server.oauth.send(server.oauth.internal(path, "operator-cli").GET());
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return JsonMapper.shared().readTree(answer.raw().body());
    }

    JsonNode order(String order, String body, int status) {
        Answer answer = server.oauth.send(server.oauth
                .internal(KEYS + "/" + order, "operator-cli")
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(status);
        return JsonMapper.shared().readTree(answer.raw().body());
    }

    String token() {
        return server.oauth
                .token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token");
    }

    static String kid(String token) {
        try {
            return SignedJWT.parse(token).getHeader().getKeyID();
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
