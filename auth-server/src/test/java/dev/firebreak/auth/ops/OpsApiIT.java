package dev.firebreak.auth.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.sso.SsoSessions;
import dev.firebreak.starter.test.Eventually;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The operators' endpoints as a person reaches them: with a token of their own audience, on the public face. */
class OpsApiIT extends ServerIT {
    static final String USERS = "/auth/api/v1/ops/users";

    @Autowired
    SsoSessions sessions;

    SignedIn olga;

    @BeforeEach
    void anOperator() {
        olga = people.signIn("operator");
    }

    String opsToken() {
        return opsToken(olga);
    }

    String opsToken(SignedIn operator) {
        return TestOAuth.requireOk(oauth.exchangeForOps(oauth.tokens(operator).text("access_token")))
                .text("access_token");
    }

    Answer call(String method, String path, String token) {
        return oauth.send(oauth.get(path)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.noBody()));
    }

    Answer disableSomebody(String token) {
        return call("POST", USERS + "/" + people.signIn().userId() + "/disable", token);
    }

    @Test
    void anOperatorReadsAndOrders() {
        String token = opsToken();

        Answer list = call("GET", USERS + "?limit=1", token);
        Answer disabled = disableSomebody(token);

        assertThat(list.status()).isEqualTo(200);
        assertThat(list.json()).containsKeys("users");
        assertThat(disabled.status()).isEqualTo(200);
        assertThat(disabled.json()).containsEntry("disabled", true);
    }

    @Test
    void theJournalNamesThePersonWhoOrdered() {
        String token = opsToken();
        disableSomebody(token);

        Answer whole = call("GET", "/auth/api/v1/ops/audit?limit=500", token);

        assertThat(whole.status()).isEqualTo(200);
        assertThat(whole.raw().body()).contains("\"actor\":\"person " + olga.userId() + "\",\"order\":\"disable\"");
        assertThat(call("GET", "/auth/api/v1/ops/audit/verify", token).json()).containsEntry("ok", true);
    }

    @Test
    void aRequestIsJudgedWithoutTheDatabase() {
        String token = opsToken();
        statements.reset();

        assertThat(call("GET", "/auth/api/v1/ops/unlisted", token).status()).isEqualTo(404);

        assertThat(requestStatements()).isEmpty();
    }

    @Test
    void tokensForTheApiAreNoGoodHereAndTheOtherWayRound() {
        String apiToken = oauth.tokens(olga).text("access_token");
        Answer here = call("GET", USERS, apiToken);

        assertThat(here.status()).isEqualTo(401);
        assertThat(here.text("code")).isEqualTo("auth.token_invalid");
        assertThat(here.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(call("GET", "/auth/userinfo", opsToken()).status()).isEqualTo(401);
    }

    @Test
    void noTokenNoAnswer() {
        Answer none = oauth.send(oauth.get(USERS));
        Answer assertion = call("GET", USERS, oauth.assertion("operator-cli"));

        assertThat(none.status()).isEqualTo(401);
        assertThat(none.text("code")).isEqualTo("auth.token_missing");
        assertThat(none.header("WWW-Authenticate")).startsWith("Bearer").doesNotContain("error");
        assertThat(assertion.status()).isEqualTo(401);
        assertThat(oauth.send(oauth.get(USERS).header("Cookie", "firebreak-sso=" + olga.cookie()))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void eachResourceAsksForItsScope() {
        Map<String, String> form = TestOAuth.opsExchange(oauth.tokens(olga).text("access_token"));
        form.put("scope", "keys:manage audit:read");
        String token = TestOAuth.requireOk(oauth.token("gateway", form)).text("access_token");

        Answer refused = call("GET", USERS, token);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("code")).isEqualTo("auth.scope_missing");
        assertThat(refused.header("WWW-Authenticate"))
                .contains("error=\"insufficient_scope\"")
                .contains("scope=\"users:manage\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/unlisted", "/unlisted/", "", "/", "/users/../unlisted", "/users/%2e%2e/unlisted"})
    void aResourceWithoutAScopeIsClosed(String path) {
        Answer answer = call("GET", "/auth/api/v1/ops" + path, opsToken());

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.raw().body()).doesNotContain("told to");
    }

    @Test
    void theSameHandlerAnswersClientsOnTheInternalFaceAndKnowsWhoTheyAre() {
        Answer answer = oauth.send(oauth.internal("/auth/internal/v1/ops/unlisted", "operator-cli"));

        assertThat(answer.raw().body())
                .isEqualTo("told to Caller[kind=CLIENT, id=operator-cli, name=operator-cli/operator-cli-test]");
    }

    @Test
    void ordersNeedARecentSignInAndReadsDoNot() {
        String recent = opsToken();
        pass(Duration.ofMinutes(5).minusSeconds(5));
        assertThat(disableSomebody(recent).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(10));

        Answer order = disableSomebody(recent);

        assertThat(order.status()).isEqualTo(401);
        assertThat(order.text("code")).isEqualTo("auth.step_up_required");
        assertThat(order.header("WWW-Authenticate"))
                .startsWith("Bearer ")
                .contains("error=\"insufficient_user_authentication\", max_age=300");
        assertThat(call("PUT", USERS + "/" + olga.userId() + "/role", recent).text("code"))
                .isEqualTo("auth.step_up_required");
        assertThat(call("GET", USERS, recent).status()).isEqualTo(200);
    }

    @Test
    void aStrongSignInMayBeOlder() {
        jdbc.sql("UPDATE sso_session SET acr = 'urn:firebreak:acr:2' WHERE sid = :sid")
                .param("sid", olga.sid())
                .update();
        String token = opsToken();
        pass(Duration.ofMinutes(10));

        assertThat(disableSomebody(token).status()).isEqualTo(200);
    }

    @Test
    void aTokenWhoseSessionWasEndedIsRefusedWithinSeconds() {
        String token = opsToken();
        assertThat(call("GET", USERS, token).status()).isEqualTo(200);

        assertThat(sessions.end(olga.sid(), "sign_out")).isTrue();

        Eventually.within(
                Duration.ofSeconds(5),
                "the revocation is effective",
                () -> call("GET", USERS, token).text("code").equals("auth.token_revoked"));
    }

    @Test
    void aRoleThatWasTakenAwayIsGoneWithinSeconds() {
        people.signIn("operator");
        String token = opsToken();
        Answer demoted =
                oauth.send(oauth.internal("/auth/internal/v1/ops/users/" + olga.userId() + "/role", "operator-cli")
                        .header("Content-Type", "application/json")
                        .PUT(HttpRequest.BodyPublishers.ofString("{\"role\":\"user\"}")));
        assertThat(demoted.status()).isEqualTo(200);

        Eventually.within(
                Duration.ofSeconds(5),
                "the revocation is effective",
                () -> call("GET", USERS, token).text("code").equals("auth.token_revoked"));
    }
}
