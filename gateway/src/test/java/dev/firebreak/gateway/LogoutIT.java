package dev.firebreak.gateway;

import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Call;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LogoutIT extends SharedGatewayIT {
    final String sid = UUID.randomUUID().toString();

    String end() {
        return "/auth/internal/v1/sessions/" + sid + "/end";
    }

    @Test
    void endsTheSessionEverywhere() throws Exception {
        Client browser = gateway.browser(sid);

        Answer answer = browser.script().send("POST", "/logout", "");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(Map.of("everywhere", true));
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.clears(COOKIE)).isTrue();
        assertThat(answer.setCookies("firebreak-sso"))
                .singleElement()
                .asString()
                .contains("Path=/auth", "Max-Age=0");
        Call call = gateway.auth().internal().lastCall();
        assertThat(call.method()).isEqualTo("POST");
        assertThat(call.path()).isEqualTo(end());
        SignedJWT assertion = SignedJWT.parse(call.header("Authorization").substring("Bearer ".length()));
        assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("gateway");
        assertThat(assertion.getJWTClaimsSet().getStringClaim("instance")).isEqualTo("gateway-1");
    }

    @Test
    void refusesTheCopiedCookieAtOnce() {
        String cookie = gateway.seal(gateway.session(sid));
        gateway.client().cookie(COOKIE, cookie).script().send("POST", "/logout", "");

        Answer thief = gateway.client().cookie(COOKIE, cookie).get("/api/v1/tasks");

        assertThat(thief.status()).isEqualTo(401);
        assertThat(thief.code()).isEqualTo("session.ended");
    }

    @Test
    void takesAPlainFormAndGoesHome() {
        Answer answer = gateway.browser(sid)
                .navigating()
                .header("Origin", TestGateway.ORIGIN)
                .send("POST", "/logout", "");

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/");
        assertThat(answer.clears(COOKIE)).isTrue();
        assertThat(gateway.auth().internal().calls(end())).hasSize(1);
    }

    @Test
    void letsNoOtherSiteSignAnyoneOut() {
        Answer foreign =
                gateway.browser(sid).header("Origin", "https://evil.example").send("POST", "/logout", "");
        Answer unknown = gateway.browser(sid).send("POST", "/logout", "");
        Answer get = gateway.browser(sid).get("/logout");

        assertThat(foreign.code()).isEqualTo("csrf.refused");
        assertThat(foreign.setCookies(COOKIE)).isEmpty();
        assertThat(unknown.code()).isEqualTo("csrf.refused");
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.header("Allow")).isEqualTo("POST");
        assertThat(gateway.auth().internal().calls()).isEmpty();
    }

    @Test
    void signsOutHereAndElsewhereLaterWhileTheAuthorizationServerIsAway() {
        gateway.auth().internal().stop();
        String cookie = gateway.seal(gateway.session(sid));

        Answer answer = gateway.client().cookie(COOKIE, cookie).script().send("POST", "/logout", "");
        Answer thief = gateway.client().cookie(COOKIE, cookie).get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).isEqualTo(Map.of("everywhere", false));
        assertThat(answer.clears(COOKIE)).isTrue();
        assertThat(answer.clears("firebreak-sso")).isTrue();
        assertThat(thief.status()).isEqualTo(401);
        assertThat(waiting()).isOne();

        gateway.auth().internal().restart();
        Eventually.holds("the sign-out is delivered", () -> waiting() == 0);
        assertThat(gateway.auth().internal().calls(end())).isNotEmpty();
    }

    @Test
    void aSignOutThatIsNeverAcceptedHoldsUpNoOther() {
        String stuck = UUID.randomUUID().toString();
        gateway.auth().internal().stop();
        gateway.browser(stuck).script().send("POST", "/logout", "");
        gateway.browser(sid).script().send("POST", "/logout", "");

        gateway.auth()
                .internal()
                .behave(call -> FakeService.Reply.json(call.path().contains(stuck) ? 500 : 200, "{}"));
        gateway.auth().internal().restart();

        Eventually.holds(
                "the other one is delivered",
                () -> !gateway.auth().internal().calls(end()).isEmpty() && waiting() == 1);
        gateway.auth().internal().behave(call -> FakeService.Reply.json(200, "{}"));
        Eventually.holds("the last one too", () -> waiting() == 0);
    }

    @Test
    void doesNotWaitLongForAHungAuthorizationServer() {
        gateway.auth().internal().hang();

        Answer answer = gateway.browser(sid).script().send("POST", "/logout", "");
        gateway.auth().internal().resume();

        assertThat(answer.json()).isEqualTo(Map.of("everywhere", false));
        assertThat(answer.took()).isLessThan(java.time.Duration.ofSeconds(4));
        Eventually.holds("the sign-out is delivered", () -> waiting() == 0);
    }

    @Test
    void hasNothingToEndWithoutASession() {
        Answer answer = gateway.client().script().send("POST", "/logout", "");

        assertThat(answer.json()).isEqualTo(Map.of("everywhere", true));
        assertThat(gateway.auth().internal().calls()).isEmpty();
    }

    private double waiting() {
        return gateway.metrics().get("gateway.logout.waiting").gauge().value();
    }
}
