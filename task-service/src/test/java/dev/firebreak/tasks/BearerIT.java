package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.test.TestIssuer;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceIT
class BearerIT {
    @Autowired
    Api api;

    @Autowired
    TestIssuer issuer;

    @Autowired
    InstantSource clock;

    @AfterEach
    void trustIsBack() {
        issuer.thaw();
    }

    @Test
    void asksForAToken() {
        Api.Answer answer = api.anonymous().get(TASKS);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("auth.token_missing");
        // RFC 6750, 3.1: no error code where no credential was sent.
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"firebreak\"");
    }

    @Test
    void proofOfABadTokenIs401() {
        assertRefused("garbage", "auth.token_malformed");
        assertRefused(issuer.accessToken() + "x", "auth.token_malformed", "auth.token_invalid");
        assertRefused(
                new PlainJWT(issuer.claims(TestIssuer.ALICE).build()).serialize(),
                "auth.token_malformed",
                "auth.token_invalid");
        assertRefused(issuer.accessToken(claims -> claims.audience("http://elsewhere/api")), "auth.token_invalid");
        assertRefused(issuer.accessToken(claims -> claims.issuer("http://elsewhere/auth")), "auth.token_invalid");
        assertRefused(
                issuer.accessToken(claims ->
                        claims.claim("exp", clock.instant().minusSeconds(31).getEpochSecond())),
                "auth.token_expired");
        JWTClaimsSet claims = issuer.claims(TestIssuer.ALICE).build();
        assertRefused(issuer.sign(issuer.header().type(JOSEObjectType.JWT).build(), claims), "auth.token_invalid");
    }

    @Test
    void aForeignSignatureUnderAKnownKeyIs401() {
        TestIssuer foreign = new TestIssuer(TestTrust.ISSUER, clock);

        assertRefused(foreign.accessToken(), "auth.token_invalid");
    }

    @Test
    void aKeyThatNobodyHasIs401WhileTrustIsFresh() {
        TestIssuer foreign = new TestIssuer(TestTrust.ISSUER, clock);
        foreign.rotate();
        foreign.rotate();
        String token = foreign.accessToken();

        assertRefused(token, "auth.key_unknown");
    }

    @Test
    void aRevokedSessionIs401AtOnce() {
        String sid = "3e6b0f9a-5b0f-4a52-9c0a-0d5d0d4e8a10";
        String token = issuer.accessTokenOf(TestIssuer.ALICE, sid);
        assertThat(api.withToken(token).get(TASKS).status()).isEqualTo(200);

        issuer.revoke(Revocation.Kind.SID, sid);

        assertRefused(token, "auth.token_revoked");
    }

    @Test
    void wantOfTrustDataIs503AndNoVerdict() {
        String token = TestTrust.newUser(issuer);
        issuer.loseTrust();

        Api.Answer answer = api.withToken(token).get(TASKS);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.trust_unavailable");
        assertThat(answer.header("WWW-Authenticate")).isNull();
        assertThat(answer.header("Retry-After")).isNotNull();
        // What is wrong with a token by itself is still proof.
        assertRefused("garbage", "auth.token_malformed");
        assertThat(api.anonymous().get(TASKS).status()).isEqualTo(401);
    }

    @Test
    void trustThatAgesStillAcceptsWhatItKnows() {
        issuer.freeze();

        assertThat(api.newUser().get(TASKS).status()).isEqualTo(200);
    }

    @Test
    void asksForTheScope() {
        Api.Client reader = api.withToken(issuer.accessToken(claims -> claims.claim("scope", "openid tasks:read")));

        Api.Answer refused = reader.task("a");

        assertThat(reader.get(TASKS).status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("auth.scope_missing");
        assertThat(refused.header("WWW-Authenticate"))
                .contains("error=\"insufficient_scope\"", "scope=\"tasks:write\"");
    }

    @Test
    void aServiceHasNoTasks() {
        Api.Answer answer = api.withToken(issuer.serviceToken("demo-service")).get(TASKS);

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("auth.user_required");
    }

    @Test
    void readsTheHeaderAsTheStandardSays() {
        String token = TestTrust.newUser(issuer);

        assertThat(api.anonymous()
                        .get(TASKS, "Authorization", "bEaReR " + token)
                        .status())
                .isEqualTo(200);
        assertThat(api.anonymous().get(TASKS, "Authorization", "Basic YTpi").code())
                .isEqualTo("auth.token_missing");
        assertThat(api.anonymous()
                        .get(TASKS, "Authorization", "Bearer " + token, "Authorization", "Bearer " + token)
                        .code())
                .isEqualTo("auth.token_malformed");
        assertThat(api.anonymous().get(TASKS + "?access_token=" + token).status())
                .isEqualTo(401);
    }

    @Test
    void toleratesClocksThatDiffer() {
        // Skew of 30 s is accepted on exp.
        long justPast = clock.instant().minusSeconds(20).getEpochSecond();
        String token = issuer.accessToken(claims -> claims.claim("exp", justPast));

        assertThat(api.withToken(token).get(TASKS).status()).isEqualTo(200);
    }

    private void assertRefused(String token, String... codes) {
        Api.Answer answer = api.withToken(token).get(TASKS);

        assertThat(answer.status()).as(answer.text()).isEqualTo(401);
        assertThat(answer.code()).isIn((Object[]) codes);
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer ").contains("error=\"invalid_token\"");
        assertThat(answer.header("Retry-After")).isNull();
    }
}
