package dev.firebreak.gateway;

import static dev.firebreak.gateway.FakeAuthServer.TOKEN;
import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.trust.test.TestIssuer;
import java.text.ParseException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A service refuses a token that the gateway has verified. */
class DisputeIT extends SharedGatewayIT {
    static final String INVALID = "Bearer error=\"invalid_token\"";

    final String sid = UUID.randomUUID().toString();
    Client browser;
    String oldToken;

    /** A browser whose token is neither new nor due, and a service that refuses exactly this token. */
    void disputed() {
        var session = gateway.session(sid);
        oldToken = "Bearer " + session.accessToken();
        browser = gateway.client().cookie(COOKIE, gateway.seal(session)).script();
        gateway.clock().advance(Duration.ofMinutes(2));
        gateway.tasks()
                .behave(call -> oldToken.equals(call.header("Authorization"))
                        ? Reply.json(401, "{\"code\":\"auth.token_invalid\"}").with("WWW-Authenticate", INVALID)
                        : Reply.json(
                                200,
                                "{\"method\":\"" + call.method() + "\",\"body\":"
                                        + call.body().length() + "}"));
    }

    @Test
    void renewsTheSessionOnceAndRepeatsTheCall() {
        disputed();

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("WWW-Authenticate")).isNull();
        assertThat(answer.newCookie(COOKIE)).isNotNull();
        assertThat(gateway.auth().face().calls(TOKEN)).hasSize(1);
        assertThat(gateway.tasks().calls()).hasSize(2);
    }

    @Test
    void repeatsWritesWithSmallBodies() {
        disputed();

        Answer answer = browser.send("POST", "/api/v1/tasks", "{\"title\":\"Milk\"}");

        assertThat(answer.body()).isEqualTo("{\"method\":\"POST\",\"body\":16}");
        assertThat(gateway.tasks().calls()).extracting(FakeService.Call::body).containsOnly("{\"title\":\"Milk\"}");
    }

    @Test
    void doesNotRepeatWritesWithLargeBodies() {
        disputed();

        Answer answer = browser.send("POST", "/api/v1/tasks", "x".repeat(20_000));

        assertDisagreement(answer);
        assertThat(gateway.tasks().calls()).hasSize(1);
    }

    @Test
    void givesUpWhenTheNewTokenIsRefusedToo() {
        disputed();
        gateway.tasks().behave(call -> Reply.json(401, "{}").with("WWW-Authenticate", INVALID));

        Answer answer = browser.get("/api/v1/tasks");

        assertDisagreement(answer);
        assertThat(answer.newCookie(COOKIE)).as("the renewal is not lost").isNotNull();
        assertThat(gateway.tasks().calls()).hasSize(2);
    }

    @Test
    void doesNotRenewATokenThatIsNew() {
        gateway.tasks().behave(call -> Reply.json(401, "{}").with("WWW-Authenticate", INVALID));
        browser = gateway.browser();

        for (int i = 0; i < 5; i++) {
            assertDisagreement(browser.get("/api/v1/tasks"));
        }

        assertThat(gateway.auth().face().calls(TOKEN)).isEmpty();
    }

    /** The service hears of the revocation before the gateway does; the token is so new that it would not be renewed. */
    @Test
    void aServiceThatHearsOfARevokedKeyFirstIsNoFault() {
        browser = gateway.browser();
        String leaked = serviceThatHearsFirst();

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.newCookie(COOKIE)).isNotNull();
        assertThat(gateway.auth().face().calls(TOKEN)).hasSize(1);
        assertThat(kidOf(gateway.tasks().calls().getLast())).isNotEqualTo(leaked);
    }

    /** This gateway's node of the authorization server has not heard either, and renews with the key that was revoked. */
    @Test
    void aRenewalByANodeThatHasNotHeardEitherIsNoFault() {
        var session = gateway.session(sid);
        browser = gateway.client().cookie(COOKIE, gateway.seal(session)).script();
        gateway.clock().advance(Duration.ofMinutes(2));
        String leaked = gateway.issuer().header().build().getKeyID();
        AtomicInteger refusals = new AtomicInteger();
        gateway.tasks().behave(call -> {
            if (!leaked.equals(kidOf(call))) {
                return Reply.json(200, "{}");
            }
            if (refusals.incrementAndGet() == 2) {
                revokeSoon(leaked);
            }
            return Reply.json(401, "{}").with("WWW-Authenticate", INVALID);
        });

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("session.renewing");
        assertThat(refusals).hasValue(2);
        assertThat(browser.get("/api/v1/tasks").status()).isEqualTo(200);
    }

    @Test
    void aSessionWhoseLargeWriteCannotBeRepeatedIsToldToComeBack() {
        browser = gateway.browser().script();
        serviceThatHearsFirst();

        Answer answer = browser.send("POST", "/api/v1/tasks", "x".repeat(20_000));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("session.renewing");
        assertThat(browser.get("/api/v1/tasks").status()).isEqualTo(200);
    }

    @Test
    void aBearerWhoseKeyTheServiceKnowsToBeRevokedIsToldSo() {
        String token = gateway.issuer().accessTokenOf(TestIssuer.ALICE, sid);
        serviceThatHearsFirst();

        Answer answer = gateway.client().bearer(token).get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isIn("auth.token_revoked", "auth.key_unknown");
        assertThat(answer.header("WWW-Authenticate")).contains("invalid_token");
    }

    /** Refuses tokens of the key that signs now, at once; this gateway hears of its revocation after its first refusal. */
    private String serviceThatHearsFirst() {
        String leaked = gateway.issuer().header().build().getKeyID();
        gateway.tasks().behave(call -> {
            if (!leaked.equals(kidOf(call))) {
                return Reply.json(200, "{}");
            }
            revokeSoon(leaked);
            return Reply.json(401, "{}").with("WWW-Authenticate", INVALID);
        });
        return leaked;
    }

    private void revokeSoon(String leaked) {
        Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            if (leaked.equals(gateway.issuer().header().build().getKeyID())) {
                gateway.issuer().rotate();
                gateway.issuer().revoke(Revocation.Kind.KID, leaked);
            }
        });
    }

    private static String kidOf(FakeService.Call call) {
        try {
            return SignedJWT.parse(call.header("Authorization").substring("Bearer ".length()))
                    .getHeader()
                    .getKeyID();
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void keepsTheSessionWhenItCannotBeRenewed() {
        disputed();
        gateway.auth().face().stop();

        Answer answer = browser.get("/api/v1/tasks");

        assertDisagreement(answer);
        assertThat(answer.setCookies(COOKIE)).isEmpty();
        assertThat(browser.get("/session").status()).isEqualTo(200);
    }

    @Test
    void endsTheSessionIfThatIsWhatTheServiceKnewFirst() {
        disputed();
        gateway.auth().endFamilies(sid);

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("session.ended");
        assertThat(answer.clears(COOKIE)).isTrue();
    }

    @Test
    void passesADemandForARecentSignInOn() {
        disputed();
        String challenge = "Bearer error=\"insufficient_user_authentication\", max_age=\"300\"";
        gateway.tasks()
                .behave(call -> Reply.of(401, "application/problem+json", "{\"code\":\"auth.step_up_required\"}")
                        .with("WWW-Authenticate", challenge));

        Answer answer = browser.get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("auth.step_up_required");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo(challenge);
        assertThat(gateway.auth().face().calls(TOKEN)).isEmpty();
    }

    @Test
    void callsItTheSystemsFaultAlsoForBearerTokens() {
        String bearers = UUID.randomUUID().toString();
        String token = gateway.issuer().accessTokenOf(TestIssuer.ALICE, bearers);
        gateway.tasks().behave(call -> Reply.json(401, "{}").with("WWW-Authenticate", INVALID));

        Answer disputed = gateway.client().bearer(token).get("/api/v1/tasks");
        gateway.tasks().behave(call -> {
            gateway.issuer().revoke(Revocation.Kind.SID, bearers);
            return Reply.json(401, "{}").with("WWW-Authenticate", INVALID);
        });
        Answer revoked = gateway.client().bearer(token).get("/api/v1/tasks");

        assertDisagreement(disputed);
        assertThat(revoked.status()).isEqualTo(401);
        assertThat(revoked.code()).isEqualTo("auth.token_revoked");
    }

    @Test
    void aNewTokenThatIsRefusedHereIsNotRenewedAtEachRequest() {
        Session session = gateway.session("misconfigured");
        Session refused = session.renewed(
                gateway.issuer().accessToken(claims -> claims.audience("https://elsewhere.example")),
                session.refreshToken(),
                session.roles());
        String cookie = gateway.seal(refused);

        for (int i = 0; i < 3; i++) {
            assertDisagreement(gateway.client().cookie(COOKIE, cookie).get("/api/v1/tasks"));
        }

        assertThat(gateway.auth().face().calls(FakeAuthServer.TOKEN)).isEmpty();
    }

    private static void assertDisagreement(Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.verifiers_disagree");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
        assertThat(answer.header("WWW-Authenticate")).isNull();
        assertThat(answer.clears(COOKIE)).isFalse();
    }
}
