package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.sso.SsoSessions;
import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.Eventually;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

class ExchangeGrantIT extends ServerIT {
    @Autowired
    SsoSessions sessions;

    @Autowired
    Revocations revocations;

    String tokenOf(String role) {
        return oauth.tokens(people.signIn(role)).text("access_token");
    }

    Answer exchange(String token, Consumer<Map<String, String>> changes) {
        Map<String, String> form = TestOAuth.opsExchange(token);
        changes.accept(form);
        return oauth.token("gateway", form);
    }

    int statusAtOperatorsEndpoint(String token) {
        return oauth.send(oauth.get("/auth/api/v1/ops/users?limit=1").header("Authorization", "Bearer " + token))
                .status();
    }

    static void assertRefused(Answer answer, String error) {
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text("error")).isEqualTo(error);
        assertThat(answer.json()).doesNotContainKey("access_token");
    }

    @Test
    void anOperatorsSessionGetsATokenThatSaysTheSameForTheOperatorsEndpoints() {
        SignedIn olga = people.signIn("operator");
        String apiToken = oauth.tokens(olga).text("access_token");
        pass(Duration.ofMinutes(4));

        Answer answer = oauth.exchangeForOps(apiToken);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json())
                .containsEntry("issued_token_type", "urn:ietf:params:oauth:token-type:access_token")
                .containsEntry("token_type", "Bearer")
                .containsOnlyKeys("access_token", "issued_token_type", "token_type", "expires_in", "scope");
        Map<String, Object> old = TestOAuth.claims(apiToken);
        Map<String, Object> exchanged = TestOAuth.claims(answer.text("access_token"));
        assertThat(exchanged.get("aud")).isEqualTo(TestDeployment.ORIGIN + "/ops");
        assertThat(Arrays.asList(String.valueOf(exchanged.get("scope")).split(" ")))
                .containsExactlyInAnyOrderElementsOf(Scopes.OF_OPERATORS);
        for (String same :
                List.of("iss", "sub", "client_id", "sid", "auth_time", "acr", "amr", "roles", "iat", "exp")) {
            assertThat(exchanged.get(same)).as(same).isNotNull().isEqualTo(old.get(same));
        }
        assertThat(exchanged.keySet()).isEqualTo(old.keySet());
        assertThat(exchanged.get("jti")).isNotEqualTo(old.get("jti"));
        assertThat(((Number) answer.json().get("expires_in")).longValue())
                .as("counts from now and ends with the session's token")
                .isLessThanOrEqualTo(Duration.ofMinutes(11).toSeconds());
    }

    @Test
    void aRevocationThatTheExchangingNodeHadNotHeardOfReachesTheExchangedToken() {
        SignedIn olga = people.signIn("operator");
        String apiToken = oauth.tokens(olga).text("access_token");
        pass(Duration.ofMinutes(1));
        Instant demoted = clock.instant();
        pass(Duration.ofMinutes(1));
        String opsToken = oauth.exchangeForOps(apiToken).text("access_token");
        assertThat(statusAtOperatorsEndpoint(opsToken)).isEqualTo(200);

        // As a node without its database hears of it: after the exchange.
        String sub = String.valueOf(TestOAuth.claims(apiToken).get("sub"));
        revocations.revoke(Revocation.Kind.SUB, sub, demoted);

        Eventually.within(
                Duration.ofSeconds(5),
                "what was exchanged after the order is refused too",
                () -> statusAtOperatorsEndpoint(opsToken) == 401);
        assertRefused(oauth.exchangeForOps(apiToken), "invalid_grant");
    }

    @Test
    void costsNoStatement() {
        String token = tokenOf("operator");
        statements.reset();

        TestOAuth.requireOk(oauth.exchangeForOps(token));

        assertThat(requestStatements()).isEmpty();
    }

    @Test
    void fewerScopesMayBeAskedForButNoOthers() {
        String token = tokenOf("operator");

        Answer fewer = exchange(token, form -> form.put("scope", "keys:manage"));

        assertThat(TestOAuth.claims(fewer.text("access_token")).get("scope")).isEqualTo("keys:manage");
        assertRefused(exchange(token, form -> form.put("scope", "keys:manage tasks:read")), "invalid_scope");
    }

    @Test
    void aUserWhoIsNoOperatorIsRefused() {
        assertRefused(oauth.exchangeForOps(tokenOf("user")), "access_denied");
    }

    @ParameterizedTest
    @CsvSource({
        "audience, http://localhost:8080/api, invalid_target",
        "audience, , invalid_target",
        "resource, http://localhost:8080/ops, invalid_target",
        "subject_token_type, urn:ietf:params:oauth:token-type:jwt, invalid_request",
        "subject_token, , invalid_request",
        "subject_token, x.y.z, invalid_grant",
        "requested_token_type, urn:ietf:params:oauth:token-type:jwt, invalid_request"
    })
    void refusesEveryOtherExchange(String parameter, String value, String error) {
        assertRefused(
                exchange(tokenOf("operator"), form -> {
                    form.remove(parameter);
                    if (value != null) {
                        form.put(parameter, value);
                    }
                }),
                error);
    }

    @Test
    void refusesAnActor() {
        String token = tokenOf("operator");

        assertRefused(
                exchange(token, form -> {
                    form.put("actor_token", token);
                    form.put("actor_token_type", "urn:ietf:params:oauth:token-type:access_token");
                }),
                "invalid_request");
    }

    @Test
    void anExchangedTokenIsNoSubject() {
        String ops = oauth.exchangeForOps(tokenOf("operator")).text("access_token");

        assertRefused(oauth.exchangeForOps(ops), "invalid_grant");
    }

    @Test
    void refusesAnExpiredToken() {
        String token = tokenOf("operator");

        // Within the skew that verifiers forgive.
        pass(Duration.ofMinutes(15).plusSeconds(10));

        assertRefused(oauth.exchangeForOps(token), "invalid_grant");
    }

    @Test
    void refusesATokenWhoseSessionWasEndedWithinSeconds() {
        SignedIn olga = people.signIn("operator");
        String token = oauth.tokens(olga).text("access_token");
        TestOAuth.requireOk(oauth.exchangeForOps(token));

        assertThat(sessions.end(olga.sid(), "sign_out")).isTrue();

        Eventually.within(
                Duration.ofSeconds(5),
                "the revocation is effective",
                () -> oauth.exchangeForOps(token).text("error").equals("invalid_grant"));
    }

    @Test
    void onlyAClientWhoseFileSaysSoMayExchangeAndOnlyItsOwnTokens() {
        Map<String, String> form = TestOAuth.opsExchange(tokenOf("operator"));
        String services = oauth.token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token");

        assertRefused(oauth.token("demo-service", form), "unauthorized_client");
        assertRefused(oauth.publicToken(form), "unauthorized_client");
        assertRefused(oauth.exchangeForOps(services), "invalid_grant");
    }

    @Test
    void needsNoDatabaseAndSaysSoWhenItCannotJudge() throws Exception {
        try (TestServer server = new TestServer(2)) {
            var olga = new TestPeople(server.bean(JdbcClient.class), server.clock).signIn("operator");
            String token = server.oauth.tokens(olga).text("access_token");
            server.database.stop();

            Answer good = server.oauth.exchangeForOps(token);
            assertThat(good.status()).isEqualTo(200);

            // Nobody knows whether there is such a key by now.
            server.clock.advance(Duration.ofSeconds(10));
            Answer unknown = server.oauth.exchangeForOps(signedByAKeyOfNobody(token));
            assertThat(unknown.status()).isEqualTo(503);
            assertThat(unknown.text("error")).isEqualTo("temporarily_unavailable");
            assertThat(unknown.header("Retry-After")).matches("[1-9]|10");
        }
    }

    private static String signedByAKeyOfNobody(String token) throws Exception {
        SignedJWT other = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("nobodys")
                        .build(),
                SignedJWT.parse(token).getJWTClaimsSet());
        other.sign(new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate()));
        return other.serialize();
    }
}
