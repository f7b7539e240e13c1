package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.client.Clients;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class CodeGrantIT extends ServerIT {
    @Autowired
    Clients clients;

    @Autowired
    TokenVerifier verifier;

    @Test
    void exchangesACodeForTokensWithTheContractsClaims() throws Exception {
        SignedIn ada = people.signIn("operator");

        Answer answer = oauth.tokens(ada);

        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.json())
                .containsEntry("token_type", "Bearer")
                .containsEntry("expires_in", 900L)
                .containsOnlyKeys("access_token", "token_type", "expires_in", "scope", "id_token", "refresh_token");
        SignedJWT access = SignedJWT.parse(answer.text("access_token"));
        assertThat(access.getHeader().getType().getType()).isEqualTo("at+jwt");
        assertThat(access.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        assertThat(access.verify(new ECDSAVerifier(publicKey(access.getHeader().getKeyID()))))
                .isTrue();
        Map<String, Object> claims = access.getPayload().toJSONObject();
        assertThat(claims)
                .containsOnlyKeys(
                        "iss",
                        "sub",
                        "aud",
                        "client_id",
                        "scope",
                        "jti",
                        "iat",
                        "exp",
                        "sid",
                        "auth_time",
                        "amr",
                        "acr",
                        "roles")
                .containsEntry("iss", TestDeployment.ISSUER)
                .containsEntry("sub", ada.userId().toString())
                .containsEntry("aud", TestDeployment.ORIGIN + "/api")
                .containsEntry("client_id", "gateway")
                .containsEntry("scope", "email openid profile tasks:read tasks:write")
                .containsEntry("sid", ada.sid().toString())
                .containsEntry("auth_time", ada.authTime().getEpochSecond())
                .containsEntry("amr", List.of("pwd"))
                .containsEntry("acr", "urn:firebreak:acr:1")
                .containsEntry("roles", List.of("operator"));
        assertThat((Long) claims.get("exp") - (Long) claims.get("iat")).isEqualTo(900);
    }

    @Test
    void givesScopesOfOperatorsToOperatorsOnly() {
        deployment.addOperatorsClient();
        Eventually.within(
                Duration.ofSeconds(10),
                "the client is known",
                () -> clients.find("console").isPresent());

        assertThat(scopeFor(people.signIn("operator"))).isEqualTo("openid tasks:read users:manage");
        assertThat(scopeFor(people.signIn("user"))).isEqualTo("openid tasks:read");
    }

    private String scopeFor(SignedIn user) {
        Map<String, String> request = oauth.authorizationRequest();
        request.put("client_id", "console");
        request.put("scope", "openid tasks:read users:manage");
        String code =
                oauth.authorize(request, user.cookie()).redirectParameters().get("code");
        Answer answer = TestOAuth.requireOk(oauth.token(
                "console",
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        TestDeployment.CALLBACK,
                        "code_verifier",
                        TestOAuth.VERIFIER)));
        assertThat(TestOAuth.claims(answer.text("access_token"))).containsEntry("scope", answer.text("scope"));
        return answer.text("scope");
    }

    @Test
    void givesAnIdTokenForTheClient() {
        SignedIn ada = people.signIn();

        Map<String, Object> claims = TestOAuth.claims(oauth.tokens(ada).text("id_token"));

        assertThat(claims)
                .containsOnlyKeys(
                        "iss", "sub", "aud", "iat", "exp", "sid", "auth_time", "amr", "acr", "nonce", "name", "email")
                .containsEntry("aud", "gateway")
                .containsEntry("nonce", "n-0S6")
                .containsEntry("name", "Ada Lovelace")
                .containsEntry("email", ada.email())
                .containsEntry("sid", ada.sid().toString());
        assertThat((Long) claims.get("exp") - (Long) claims.get("iat")).isEqualTo(300);
    }

    @Test
    void takesOneStatement() {
        String code = oauth.code(people.signIn());
        statements.reset();

        assertThat(oauth.exchange(code).status()).isEqualTo(200);

        assertThat(requestStatements()).hasSize(1).first().asString().contains("UPDATE authorization_code");
    }

    @Test
    void letsExactlyOneOfFiftyParallelExchangesWin() throws Exception {
        SignedIn ada = people.signIn();
        String code = oauth.code(ada);

        List<Answer> answers = Parallel.run(50, () -> oauth.exchange(code));

        List<Answer> won = answers.stream().filter(it -> it.status() == 200).toList();
        assertThat(won).hasSize(1);
        assertThat(answers.stream().filter(it -> it.status() != 200)).allSatisfy(it -> {
            assertThat(it.status()).isEqualTo(400);
            assertThat(it.text("error")).isEqualTo("invalid_grant");
        });
    }

    @Test
    void takesBackWhatACodeMadeWhenItComesAgain() {
        SignedIn ada = people.signIn();
        String code = oauth.code(ada);
        Answer first = TestOAuth.requireOk(oauth.exchange(code));
        String jti = String.valueOf(TestOAuth.claims(first.text("access_token")).get("jti"));

        Answer second = oauth.exchange(code);

        assertThat(second.text("error")).isEqualTo("invalid_grant");
        assertThat(oauth.refresh(first.text("refresh_token")).text("error")).isEqualTo("invalid_grant");
        assertThat(jdbc.sql("SELECT revoked_reason FROM refresh_family WHERE sid = :sid")
                        .param("sid", ada.sid())
                        .query(String.class)
                        .list())
                .containsExactly("code_reuse");
        assertThat(revocations("jti", jti)).isEqualTo(1);
        oauth.exchange(code);
        assertThat(revocations("jti", jti)).as("a third use adds nothing").isEqualTo(1);
    }

    @Test
    void takesLaterTokensBackTooWhenACodeComesAgain() {
        SignedIn ada = people.signIn();
        String code = oauth.code(ada);
        String refreshToken = TestOAuth.requireOk(oauth.exchange(code)).text("refresh_token");
        String renewed = TestOAuth.requireOk(oauth.refresh(refreshToken)).text("access_token");
        assertThat(verifier.verify(renewed)).isInstanceOf(Verdict.Accepted.class);
        clock.advance(Duration.ofSeconds(1));

        assertThat(oauth.exchange(code).text("error")).isEqualTo("invalid_grant");

        Eventually.within(
                Duration.ofSeconds(10),
                "the renewed token is refused",
                () -> verifier.verify(renewed) instanceof Verdict.Refused);
        assertThat(revocations("sid", ada.sid().toString())).isEqualTo(1);
        clock.advance(Duration.ofSeconds(1));
        assertThat(verifier.verify(oauth.tokens(ada).text("access_token")))
                .as("the sign-in itself goes on")
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void refusesACodeAfterAMinute() {
        String code = oauth.code(people.signIn());

        pass(Duration.ofSeconds(61));

        assertThat(oauth.exchange(code).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void refusesTheWrongVerifierRedirectUriAndClientWithoutSpendingTheCode() {
        String code = oauth.code(people.signIn());

        assertThat(oauth.token(
                                "gateway",
                                Map.of(
                                        "grant_type",
                                        "authorization_code",
                                        "code",
                                        code,
                                        "redirect_uri",
                                        TestDeployment.CALLBACK,
                                        "code_verifier",
                                        TestOAuth.VERIFIER + "x"))
                        .text("error"))
                .isEqualTo("invalid_grant");
        assertThat(oauth.token(
                                "gateway",
                                Map.of(
                                        "grant_type",
                                        "authorization_code",
                                        "code",
                                        code,
                                        "redirect_uri",
                                        TestDeployment.ORIGIN + "/elsewhere",
                                        "code_verifier",
                                        TestOAuth.VERIFIER))
                        .text("error"))
                .isEqualTo("invalid_grant");
        assertThat(oauth.publicToken(Map.of(
                                "grant_type",
                                "authorization_code",
                                "code",
                                code,
                                "redirect_uri",
                                TestDeployment.CALLBACK,
                                "code_verifier",
                                TestOAuth.VERIFIER))
                        .text("error"))
                .isEqualTo("invalid_grant");

        assertThat(oauth.exchange(code).status()).isEqualTo(200);
    }

    @Test
    void refusesACodeWithoutVerifier() {
        String code = oauth.code(people.signIn());

        Answer answer = oauth.token(
                "gateway",
                Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", TestDeployment.CALLBACK));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("error")).isEqualTo("invalid_request");
    }

    @Test
    void refusesACodeWhoseSignInHasEndedOrWhoseUserIsDisabled() {
        SignedIn ended = people.signIn();
        String codeOfEnded = oauth.code(ended);
        SignedIn disabled = people.signIn();
        String codeOfDisabled = oauth.code(disabled);

        jdbc.sql("UPDATE sso_session SET ended_at = now(), end_reason = 'test' WHERE sid = :sid")
                .param("sid", ended.sid())
                .update();
        people.disable(disabled.userId());

        assertThat(oauth.exchange(codeOfEnded).text("error")).isEqualTo("invalid_grant");
        assertThat(oauth.exchange(codeOfDisabled).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void storesNeitherTheCodeNorAnyToken() {
        SignedIn ada = people.signIn();
        String code = oauth.code(ada);
        Answer answer = TestOAuth.requireOk(oauth.exchange(code));

        String everything =
                String.join("\n", dump("authorization_code"), dump("refresh_family"), dump("refresh_mac_key"));

        assertThat(everything)
                .contains(ada.sid().toString())
                .doesNotContain(code)
                .doesNotContain(answer.text("refresh_token"))
                .doesNotContain(answer.text("access_token"))
                .doesNotContain(answer.text("id_token"));
    }

    private String dump(String table) {
        return String.join(
                "\n",
                jdbc.sql("SELECT t::text FROM " + table + " t")
                        .query(String.class)
                        .list());
    }

    private long revocations(String kind, String value) {
        return jdbc.sql("SELECT count(*) FROM revocation WHERE kind = :kind AND value = :value")
                .param("kind", kind)
                .param("value", value)
                .query(Long.class)
                .single();
    }

    private ECKey publicKey(String kid) throws Exception {
        String jwks = oauth.send(oauth.get("/auth/oauth2/jwks")).raw().body();
        return JWKSet.parse(jwks).getKeyByKeyId(kid).toECKey();
    }
}
