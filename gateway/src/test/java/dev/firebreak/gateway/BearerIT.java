package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.trust.test.TestIssuer;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BearerIT extends SharedGatewayIT {
    Answer call(String token) {
        return gateway.client().bearer(token).get("/api/v1/tasks");
    }

    @Test
    void passesGoodTokensOfUsersAndServices() {
        assertThat(call(gateway.issuer().accessToken()).status()).isEqualTo(200);
        assertThat(call(gateway.issuer().serviceToken("demo-service")).status()).isEqualTo(200);
        assertThat(gateway.auth().face().calls()).isEmpty();
        assertThat(gateway.auth().internal().calls()).isEmpty();
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("issuer", change(claims -> claims.issuer("https://other")), "auth.token_invalid"),
                Arguments.of("audience", change(claims -> claims.audience("https://x/api")), "auth.token_invalid"));
    }

    static Consumer<JWTClaimsSet.Builder> change(Consumer<JWTClaimsSet.Builder> change) {
        return change;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bad")
    void refusesTokensForSomethingElse(String what, Consumer<JWTClaimsSet.Builder> change, String code) {
        Answer answer = call(gateway.issuer().accessToken(change));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"firebreak\", error=\"invalid_token\"");
        assertThat(gateway.tasks().calls()).isEmpty();
    }

    @Test
    void refusesForeignSignatures() {
        TestIssuer forger = new TestIssuer(TestGateway.ISSUER, gateway.clock());

        // The forger's key bears the same id.
        assertThat(call(forger.accessToken()).code()).isEqualTo("auth.token_invalid");
    }

    @Test
    void refusesExpiredTokensAndDoesNotRenewThem() {
        String token = gateway.issuer().accessToken();
        gateway.clock().advance(Duration.ofMinutes(16));

        assertThat(call(token).code()).isEqualTo("auth.token_expired");
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @Test
    void refusesRevokedTokensAtOnceAlsoWarmOnes() {
        String sid = UUID.randomUUID().toString();
        String token = gateway.issuer().accessTokenOf(TestIssuer.ALICE, sid);
        assertThat(call(token).status()).isEqualTo(200);

        gateway.issuer().revoke(Revocation.Kind.SID, sid);

        assertThat(call(token).code()).isEqualTo("auth.token_revoked");
    }

    @Test
    void judgesNothingWithoutTrustData() {
        String token = gateway.issuer().accessToken();
        gateway.issuer().loseTrust();

        Answer answer = call(token);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.trust_unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
        assertThat(answer.header("WWW-Authenticate")).isNull();
    }

    @Test
    void stopsReadingColdTokensOnceANetworkFailedTooOften() {
        String warm = gateway.issuer().accessToken();
        assertThat(call(warm).status()).isEqualTo(200);
        String cookieless = gateway.seal(gateway.session("unaffected"));
        for (int i = 0; i < 20; i++) {
            assertThat(call("garbage-" + i).status()).isEqualTo(401);
        }

        Answer cold = call(gateway.issuer().accessToken());

        assertThat(cold.status()).isEqualTo(429);
        assertThat(cold.code()).isEqualTo("rate.limited");
        assertThat(cold.header("Retry-After")).matches("[1-9]|10");
        assertThat(call("garbage").status()).isEqualTo(429);
        assertThat(call(warm).status()).as("a known token").isEqualTo(200);
        assertThat(gateway.client()
                        .cookie(TestGateway.COOKIE, cookieless)
                        .get("/api/v1/tasks")
                        .status())
                .as("a token out of a seal")
                .isEqualTo(200);

        gateway.clock().advance(Duration.ofSeconds(1));
        assertThat(call(gateway.issuer().accessToken()).status()).as("later").isEqualTo(200);
    }

    @Test
    void doesNotCountExpiredAndRevokedTokensAsFailures() {
        String sid = UUID.randomUUID().toString();
        String revoked = gateway.issuer().accessTokenOf(TestIssuer.ALICE, sid);
        gateway.issuer().revoke(Revocation.Kind.SID, sid);
        String expired = gateway.issuer()
                .accessToken(claims -> claims.claim(
                        "exp", gateway.clock().instant().minusSeconds(60).getEpochSecond()));

        for (int i = 0; i < 30; i++) {
            assertThat(call(revoked).code()).isEqualTo("auth.token_revoked");
            assertThat(call(expired).code()).isEqualTo("auth.token_expired");
        }

        assertThat(call(gateway.issuer().accessToken()).status()).isEqualTo(200);
    }

    @Test
    void refusesTwoAuthorizationHeaders() {
        String one = "Authorization: Bearer " + gateway.issuer().accessToken() + "\r\n";

        assertThat(RawHttp.get(gateway.port(), "/api/v1/tasks", one + one)).startsWith("HTTP/1.1 400");
    }

    @Test
    void takesTheSchemeInAnyCase() {
        Answer answer = gateway.client()
                .header("Authorization", "bEaReR " + gateway.issuer().accessToken())
                .get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(gateway.tasks().lastCall().header("Authorization")).startsWith("Bearer ey");
    }

    @Test
    void refusesAnIdTokenAsAnAccessToken() {
        String idToken = gateway.issuer()
                .sign(
                        gateway.issuer()
                                .header()
                                .type(com.nimbusds.jose.JOSEObjectType.JWT)
                                .build(),
                        gateway.issuer()
                                .claims(TestIssuer.ALICE)
                                .claim(Claims.SID, "x")
                                .build());

        assertThat(call(idToken).code()).isEqualTo("auth.token_invalid");
    }
}
