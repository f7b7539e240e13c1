package dev.firebreak.gateway;

import static dev.firebreak.gateway.FakeAuthServer.TOKEN;
import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Call;
import dev.firebreak.gateway.FakeService.Reply;
import dev.firebreak.gateway.session.Session;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The operators' endpoints of the authorization server, for a browser with a session and for programs with a token. */
class OpsIT extends SharedGatewayIT {
    static final String KEYS = "/api/v1/ops/keys";
    static final String UPSTREAM = "/auth" + KEYS;

    final String sub = UUID.randomUUID().toString();
    final String sid = UUID.randomUUID().toString();
    Session session;
    Client browser;

    @BeforeEach
    void anOperatorIsSignedIn() {
        gateway.auth().makeOperator(sub);
        session = gateway.session(sub, sid);
        browser = gateway.client().cookie(COOKIE, gateway.seal(session)).script();
    }

    List<Call> exchanges() {
        return gateway.auth().face().calls(TOKEN).stream()
                .filter(call -> TokenExchange.GRANT.equals(call.form().get("grant_type")))
                .toList();
    }

    static String bearer(Call call) {
        return call.header("Authorization").substring("Bearer ".length());
    }

    static List<String> audienceOf(String token) {
        try {
            return SignedJWT.parse(token).getJWTClaimsSet().getAudience();
        } catch (ParseException e) {
            throw new AssertionError(e);
        }
    }

    void opsAnswers(FakeService.Behaviour ops) {
        gateway.auth()
                .face()
                .behave(call -> call.path().startsWith("/auth/api/v1/ops/")
                        ? ops.answer(call)
                        : gateway.auth().answer(call));
    }

    @Test
    void aSessionsTokenIsExchangedAndOnlyTheOtherOneIsSent() {
        Answer answer = browser.get(KEYS + "?limit=5");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("auth " + UPSTREAM + "?limit=5");
        assertThat(exchanges())
                .singleElement()
                .satisfies(call -> assertThat(call.form())
                        .containsEntry("subject_token", session.accessToken())
                        .containsEntry("subject_token_type", TokenExchange.ACCESS_TOKEN)
                        .containsEntry("audience", TestGateway.ORIGIN + "/ops"));
        Call call = gateway.auth().face().calls(UPSTREAM + "?limit=5").getFirst();
        assertThat(audienceOf(bearer(call))).containsExactly(TestGateway.ORIGIN + "/ops");
        assertThat(call.header("Cookie")).isNull();
    }

    @Test
    void theExchangedTokenIsKeptHereAndNowhereElse() {
        for (int i = 0; i < 3; i++) {
            Answer answer = browser.get(KEYS);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.allSetCookies()).isEmpty();
        }
        browser.get("/api/v1/tasks");
        browser.get("/api/v1/account");

        assertThat(exchanges()).hasSize(1);
        assertThat(bearer(gateway.tasks().lastCall())).isEqualTo(session.accessToken());
        assertThat(bearer(gateway.auth().face().calls("/auth/api/v1/account").getFirst()))
                .isEqualTo(session.accessToken());
    }

    @Test
    void manyRequestsAtOnceShareOneExchange() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        gateway.auth().face().behave(call -> {
            if (call.path().equals(TOKEN)) {
                asked.countDown();
                answer.await(10, TimeUnit.SECONDS);
            }
            return gateway.auth().answer(call);
        });
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            answers.add(browser.getAsync(KEYS));
        }
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        answer.countDown();

        for (CompletableFuture<Answer> each : answers) {
            assertThat(each.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
        assertThat(exchanges()).hasSize(1);
    }

    @Test
    void aRenewedSessionExchangesItsNewToken() {
        browser.get(KEYS);
        gateway.clock().advance(Duration.ofMinutes(6));

        Answer renewed = browser.get(KEYS);
        browser.keep(renewed).get(KEYS);

        assertThat(renewed.status()).isEqualTo(200);
        assertThat(renewed.newCookie(COOKIE)).isNotNull();
        assertThat(exchanges()).hasSize(2);
        assertThat(exchanges().getLast().form().get("subject_token")).isNotEqualTo(session.accessToken());
    }

    @Test
    void whoIsNoOperatorIsRefusedWithoutAskingAnybody() {
        Answer answer = gateway.browser().script().get(KEYS);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("auth.operator_required");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.clears(COOKIE)).isFalse();
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @Test
    void whomTheAuthorizationServerDeniesIsRefused() {
        gateway.auth().demote(sub);

        Answer answer = browser.get(KEYS);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("auth.operator_required");
        assertThat(gateway.auth().face().calls(UPSTREAM)).isEmpty();
    }

    @Test
    void nobodySignedInGetsTheTruth() {
        assertThat(gateway.client().get(KEYS).code()).isEqualTo("auth.token_missing");
        assertThat(gateway.client().navigating().get(KEYS).header("Location")).startsWith("/login?return_to=");
    }

    @Test
    void ordersNeedTheCsrfProof() {
        Client form = gateway.client().cookie(COOKIE, gateway.seal(session)).header("Origin", "https://evil.example");

        Answer refused = form.send("POST", KEYS, "{}");
        Answer given = browser.send("POST", KEYS, "{}");

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("csrf.refused");
        assertThat(given.status()).isEqualTo(200);
        assertThat(gateway.auth().face().calls(UPSTREAM)).hasSize(1);
    }

    @Test
    void withoutTheAuthorizationServerItIsTroubleAndNoVerdict() {
        gateway.auth().face().stop();

        Answer answer = browser.get(KEYS);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
        assertThat(answer.clears(COOKIE)).isFalse();
    }

    @Test
    void anExchangeThatFailsForNowIsTroubleAndTriedAgainSoon() {
        gateway.auth()
                .face()
                .behave(call -> call.path().equals(TOKEN)
                        ? Reply.json(503, "{\"error\":\"temporarily_unavailable\"}")
                        : gateway.auth().answer(call));
        Answer failed = browser.get(KEYS);
        Answer atOnce = browser.get(KEYS);
        int asked = exchanges().size();
        gateway.auth().face().behave(gateway.auth()::answer);
        gateway.clock().advance(Duration.ofSeconds(2));

        Answer later = browser.get(KEYS);

        assertThat(failed.code()).isEqualTo("auth.unavailable");
        assertThat(atOnce.code()).isEqualTo("auth.unavailable");
        assertThat(asked).as("the second was answered from memory").isEqualTo(1);
        assertThat(later.status()).isEqualTo(200);
    }

    @Test
    void aSubjectTokenThatIsRefusedThereIsNoVerdictHere() {
        gateway.auth()
                .face()
                .behave(call -> call.path().equals(TOKEN)
                        ? Reply.json(400, "{\"error\":\"invalid_grant\"}")
                        : gateway.auth().answer(call));

        Answer answer = browser.get(KEYS);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.verifiers_disagree");
        assertThat(answer.clears(COOKIE)).isFalse();
    }

    @Test
    void anEndedSessionIsOverAtOnceAlsoWithATokenInMemory() {
        assertThat(browser.get(KEYS).status()).isEqualTo(200);
        gateway.issuer().revoke(Revocation.Kind.SID, sid);

        Answer answer = browser.get(KEYS);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("session.ended");
        assertThat(gateway.auth().face().calls(UPSTREAM)).hasSize(1);
    }

    @Test
    void anExchangedTokenWhoseKeyWasRevokedIsReplaced() {
        String old = gateway.issuer().header().build().getKeyID();
        String leaked = gateway.issuer().rotate();
        assertThat(browser.get(KEYS).status()).isEqualTo(200);
        gateway.issuer().rotate();
        gateway.issuer().revoke(Revocation.Kind.KID, leaked);

        Answer answer = browser.get(KEYS);

        assertThat(leaked).isNotEqualTo(old);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(exchanges()).hasSize(2);
        assertThat(gateway.auth().face().calls(UPSTREAM))
                .extracting(OpsIT::bearer)
                .doesNotHaveDuplicates();
    }

    @Test
    void anExchangedTokenForSomethingElseIsNotSent() {
        gateway.auth()
                .face()
                .behave(call -> call.path().equals(TOKEN)
                        ? Reply.json(200, "{\"access_token\":\"" + session.accessToken() + "\"}")
                        : gateway.auth().answer(call));

        Answer answer = browser.get(KEYS);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.verifiers_disagree");
        assertThat(gateway.auth().face().calls(UPSTREAM)).isEmpty();
    }

    @Test
    void aDemandForARecentSignInIsPassedOn() {
        String challenge = "Bearer realm=\"firebreak\", error=\"insufficient_user_authentication\", max_age=300";
        opsAnswers(call -> Reply.of(401, "application/problem+json", "{\"code\":\"auth.step_up_required\"}")
                .with("WWW-Authenticate", challenge));

        Answer answer = browser.send("POST", KEYS, "{}");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("auth.step_up_required");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo(challenge);
        assertThat(gateway.auth().face().calls(UPSTREAM)).hasSize(1);
    }

    @Test
    void aDisputedTokenIsReplacedByOneOfTheSameAudience() {
        browser.get(KEYS);
        String disputed = bearer(gateway.auth().face().calls(UPSTREAM).getFirst());
        gateway.clock().advance(Duration.ofMinutes(2));
        opsAnswers(call -> bearer(call).equals(disputed)
                ? Reply.json(401, "{}").with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
                : Reply.json(200, "{\"keys\":[]}"));

        Answer answer = browser.send("POST", KEYS, "{\"reason\":\"test\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.newCookie(COOKIE)).as("the session was renewed").isNotNull();
        assertThat(gateway.auth().face().calls(UPSTREAM))
                .hasSize(2)
                .allSatisfy(call -> assertThat(audienceOf(bearer(call))).containsExactly(TestGateway.ORIGIN + "/ops"));
    }

    @Test
    void aDisputeOfSomebodyWhoIsNoOperatorAnyMoreEndsInARefusal() {
        browser.get(KEYS);
        gateway.clock().advance(Duration.ofMinutes(2));
        gateway.auth().demote(sub);
        opsAnswers(call -> Reply.json(401, "{}").with("WWW-Authenticate", "Bearer error=\"invalid_token\""));

        Answer answer = browser.get(KEYS);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("auth.operator_required");
    }

    @Test
    void programsSendATokenOfThatAudienceThemselves() {
        String token = gateway.auth().opsToken(sub, sid);

        Answer answer = gateway.client().bearer(token).send("POST", KEYS, "{}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(bearer(gateway.auth().face().calls(UPSTREAM).getFirst())).isEqualTo(token);
        assertThat(exchanges()).isEmpty();
    }

    @Test
    void aTokenOfOneAudienceIsRefusedForTheOther() {
        Answer apiToOps = gateway.client().bearer(session.accessToken()).get(KEYS);
        Answer opsToApi =
                gateway.client().bearer(gateway.auth().opsToken(sub, sid)).get("/api/v1/tasks");
        Answer opsToAccount =
                gateway.client().bearer(gateway.auth().opsToken(sub, sid)).get("/api/v1/account");

        for (Answer answer : List.of(apiToOps, opsToApi, opsToAccount)) {
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.code()).isEqualTo("auth.token_invalid");
        }
        assertThat(gateway.tasks().calls()).isEmpty();
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @Test
    void whatServicesServeThemselvesIsNoBusinessOfThisRoute() {
        assertThat(browser.get("/api/v1/ops/pools/task-service").status()).isEqualTo(404);
        assertThat(browser.get("/auth/api/v1/ops/keys").status()).isEqualTo(404);
        assertThat(gateway.auth().face().calls()).isEmpty();
    }
}
