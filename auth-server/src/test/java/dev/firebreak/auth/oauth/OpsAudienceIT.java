package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens for operators' endpoints: who gets them, and that they are good for nothing else. */
class OpsAudienceIT extends ServerIT {
    static final String OPS = TestDeployment.ORIGIN + "/ops";
    static final String CALLBACK = "http://127.0.0.1:49152/callback";

    Map<String, String> request(String scope, String resource) {
        Map<String, String> request = oauth.authorizationRequest();
        request.put("client_id", "firebreak-cli");
        request.put("redirect_uri", CALLBACK);
        request.put("scope", scope);
        if (resource != null) {
            request.put("resource", resource);
        }
        return request;
    }

    Answer tokens(Map<String, String> request, SignedIn user) {
        String code =
                oauth.authorize(request, user.cookie()).redirectParameters().get("code");
        Map<String, String> exchange = new LinkedHashMap<>();
        exchange.put("grant_type", "authorization_code");
        exchange.put("code", code);
        exchange.put("redirect_uri", CALLBACK);
        exchange.put("code_verifier", TestOAuth.VERIFIER);
        return TestOAuth.requireOk(oauth.publicToken(exchange));
    }

    static Map<String, Object> access(Answer tokens) {
        return TestOAuth.claims(tokens.text("access_token"));
    }

    @ParameterizedTest
    @CsvSource({
        "keys:manage openid users:manage, http://localhost:8080/ops, http://localhost:8080/ops",
        "keys:manage, , http://localhost:8080/ops",
        "openid tasks:read, http://localhost:8080/api, http://localhost:8080/api",
        "openid tasks:read, , http://localhost:8080/api",
        "openid, , http://localhost:8080/api",
        "keys:manage openid tasks:read, , http://localhost:8080/api"
    })
    void scopesDecideWhereATokenIsGood(String scope, String resource, String audience) {
        assertThat(access(tokens(request(scope, resource), people.signIn("operator"))))
                .containsEntry("aud", audience)
                .containsEntry("scope", scope);
    }

    @Test
    void aRenewedTokenIsGoodWhereTheFirstOneWas() {
        Answer first = tokens(request("openid keys:manage", OPS), people.signIn("operator"));

        Answer renewed = TestOAuth.requireOk(oauth.publicToken(Map.of(
                "grant_type", "refresh_token", "refresh_token", first.text("refresh_token"), "scope", "openid")));

        assertThat(access(renewed)).containsEntry("aud", OPS).containsEntry("scope", "openid");
    }

    @ParameterizedTest
    @CsvSource({
        "openid tasks:read, http://localhost:8080/ops",
        "openid keys:manage tasks:read, http://localhost:8080/ops",
        "openid keys:manage, http://localhost:8080/api",
        "openid tasks:read, https://evil.example/api"
    })
    void refusesAResourceThatTheScopesAreNotFor(String scope, String resource) {
        Answer answer = oauth.authorize(
                request(scope, resource), people.signIn("operator").cookie());

        assertThat(answer.redirectParameters())
                .containsEntry("error", "invalid_target")
                .doesNotContainKey("code");
    }

    @Test
    void givesNobodyElseATokenForOperators() {
        Answer answer = oauth.authorize(
                request("openid keys:manage", OPS), people.signIn("user").cookie());

        assertThat(answer.redirectParameters())
                .containsEntry("error", "access_denied")
                .doesNotContainKey("code");
    }

    @Test
    void whoeverIsNotSignedInIsAskedFirst() {
        assertThat(oauth.authorize(request("openid keys:manage", OPS), null).header("Location"))
                .isEqualTo(TestDeployment.ISSUER + "/login");
    }

    @Test
    void aTokenForOperatorsIsNoTokenForTheUserInfo() {
        Answer tokens = tokens(request("openid keys:manage", OPS), people.signIn("operator"));

        Answer answer = oauth.send(
                oauth.get("/auth/userinfo").header("Authorization", "Bearer " + tokens.text("access_token")));

        assertThat(answer.status()).isEqualTo(401);
    }
}
