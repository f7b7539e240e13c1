package dev.firebreak.gateway;

import static dev.firebreak.gateway.TestGateway.COOKIE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIT extends SharedGatewayIT {
    static String entry(String id, String state, int key) {
        return "{\"id\":\"" + id + "\",\"state\":\"" + state + "\",\"key\":\"" + TestGateway.key(key) + "\"}";
    }

    @Test
    void saysWhoIsSignedIn() {
        Session session = gateway.session("alices-id", "sid-1");

        Answer answer = gateway.client().cookie(COOKIE, gateway.seal(session)).get("/session");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.json())
                .isEqualTo(Map.of(
                        "user",
                                Map.of(
                                        "id",
                                        "alices-id",
                                        "name",
                                        "Alice Example",
                                        "email",
                                        "alice@example.com",
                                        "roles",
                                        List.of("user")),
                        "renewal", "ok",
                        // 15 minutes of token less 4.5 s of upstream time-out and 5 s.
                        "valid_until",
                                gateway.clock()
                                        .instant()
                                        .plus(Duration.ofMillis(890_500))
                                        .toString(),
                        "ends_at",
                                gateway.clock()
                                        .instant()
                                        .plus(Duration.ofDays(30))
                                        .toString()));
        assertThat(answer.body()).doesNotContain(session.accessToken(), session.refreshToken());
    }

    @Test
    void saysThatNobodyIs() {
        Answer answer = gateway.client().get("/session");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("auth.token_missing");
        assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"firebreak\"");
        assertThat(answer.setCookies(COOKIE)).isEmpty();
    }

    @Test
    void neverAnswersTheSessionWithARedirect() {
        assertThat(gateway.client().navigating().get("/session").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/session", "/api/v1/tasks"})
    void keepsACookieWhoseKeyThisNodeDoesNotHave(String path) {
        Answer answer = gateway.client().cookie(COOKIE, "v1.c9.AAAA").get(path);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("session.key_unknown");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
        assertThat(answer.setCookies(COOKIE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/session", "/api/v1/tasks"})
    void clearsACookieThatWasAltered(String path) {
        String sealed = gateway.seal(gateway.session("x"));
        char last = sealed.charAt(sealed.length() - 5);
        String altered = sealed.substring(0, sealed.length() - 5)
                + (last == 'A' ? 'B' : 'A')
                + sealed.substring(sealed.length() - 4);

        Answer answer = gateway.client().cookie(COOKIE, altered).get(path);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.code()).isEqualTo("session.invalid");
        assertThat(answer.clears(COOKIE)).isTrue();
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @Test
    void behindHttpsEveryCookieIsSecureAndBoundToItsHost() {
        String origin = "https://tasks.example.org";
        try (TestGateway secure = TestGateway.start(Map.of("firebreak.public-origin", origin))) {
            Answer out = secure.client().header("Origin", origin).send("POST", "/logout", "");
            Answer login = secure.client().navigating().get("/login");

            assertThat(out.setCookies("__Host-firebreak"))
                    .singleElement()
                    .asString()
                    .contains("Path=/", "Secure", "HttpOnly", "SameSite=Lax")
                    .doesNotContain("Domain");
            assertThat(login.allSetCookies())
                    .isNotEmpty()
                    .allSatisfy(
                            cookie -> assertThat(cookie).startsWith("__Host-").contains("Secure", "HttpOnly"));
        }
    }

    @Test
    void followsTheRingFileThroughARotation() {
        Client browser = gateway.browser();
        gateway.ring(entry("c1", "open-only", 1) + "," + entry("c2", "sealing", 2));
        Eventually.holds(
                "the new key seals", () -> gateway.seal(gateway.session("x")).startsWith("v1.c2."));

        assertThat(browser.get("/session").status()).isEqualTo(200);
        gateway.clock().advance(Duration.ofMinutes(6));
        Answer renewed = browser.get("/session");
        assertThat(renewed.newCookie(COOKIE)).startsWith("v1.c2.");

        gateway.ring(entry("c1", "retired", 1) + "," + entry("c2", "sealing", 2));
        Eventually.holds("the old key is retired", () -> browser.get("/session").status() == 401);
        assertThat(browser.get("/session").code()).isEqualTo("session.invalid");
        assertThat(browser.keep(renewed).get("/session").status()).isEqualTo(200);
    }

    @Test
    void takesNoSessionFromAnotherCookieName() {
        String sealed = gateway.seal(gateway.session("x"));

        assertThat(gateway.client()
                        .cookie("firebreak-9999", sealed)
                        .get("/session")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void ignoresTheCookieBesideABearerToken() {
        String token = gateway.issuer().accessTokenOf("bearers-id", "bearers-sid");

        Answer good = gateway.browser().bearer(token).get("/api/v1/tasks");
        String sent = gateway.tasks().lastCall().header("Authorization");
        Answer bad = gateway.browser().bearer("garbage").get("/api/v1/tasks");
        Answer other = gateway.browser().header("Authorization", "Basic YTpi").get("/api/v1/tasks");

        assertThat(good.status()).isEqualTo(200);
        assertThat(sent).isEqualTo("Bearer " + token);
        assertThat(bad.code()).isEqualTo("auth.token_malformed");
        assertThat(bad.clears(COOKIE)).isFalse();
        assertThat(other.code()).isEqualTo("auth.token_malformed");
    }

    @Test
    void demandsProofOfOriginWhereTheCookieBecomesAToken() {
        Answer plain = gateway.browser().send("POST", "/api/v1/tasks", "{}");
        Answer foreign = gateway.browser()
                .header("Origin", "https://evil.example")
                .header("X-Firebreak", "1")
                .send("DELETE", "/api/v1/tasks/1", null);
        Answer own = gateway.browser().script().send("POST", "/api/v1/tasks", "{}");

        assertThat(plain.status()).isEqualTo(403);
        assertThat(plain.code()).isEqualTo("csrf.refused");
        assertThat(foreign.code()).isEqualTo("csrf.refused");
        assertThat(own.status()).isEqualTo(200);
        assertThat(gateway.tasks().calls()).hasSize(1);
    }

    @Test
    void demandsItOfUpgradesToo() {
        String cookie = "Cookie: " + COOKIE + "=" + gateway.seal(gateway.session("x")) + "\r\n";
        String upgrade = cookie + "Upgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n";

        String none = RawHttp.get(gateway.port(), "/api/v1/tasks", upgrade);
        String foreign = RawHttp.get(gateway.port(), "/api/v1/tasks", upgrade + "Origin: https://evil.example\r\n");

        assertThat(none).startsWith("HTTP/1.1 403").contains("csrf.refused");
        assertThat(foreign).startsWith("HTTP/1.1 403");
        assertThat(gateway.tasks().calls()).isEmpty();
    }

    @Test
    void doesNotDemandItOfBearerTokens() {
        Answer answer = gateway.client()
                .bearer(gateway.issuer().accessToken())
                .header("Origin", "https://some.client.example")
                .send("POST", "/api/v1/tasks", "{}");

        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"GET, 303", "HEAD, 303", "POST, 401"})
    void sendsOnlyNavigationsToSignIn(String method, int status) {
        Answer navigation = gateway.client().navigating().send(method, "/api/v1/tasks?x=1", null);
        Answer script = gateway.client().script().send(method, "/api/v1/tasks?x=1", null);
        Answer silent = gateway.client().header("Accept", "text/html").send(method, "/api/v1/tasks?x=1", null);

        assertThat(navigation.status()).isEqualTo(status);
        if (status == 303) {
            assertThat(navigation.header("Location")).isEqualTo("/login?return_to=%2Fapi%2Fv1%2Ftasks%3Fx%3D1");
        }
        assertThat(script.status()).isEqualTo(401);
        assertThat(script.header("Location")).isNull();
        assertThat(silent.status()).isEqualTo(401);
        assertThat(silent.header("Location")).isNull();
    }

    @Test
    void worksOnThePagesWhateverTheOldCookieHolds() {
        for (String cookie : List.of("v1.c9.AAAA", "garbage", "v1.c1.AAAA")) {
            Client browser = gateway.client().cookie(COOKIE, cookie);
            assertThat(browser.get("/").status()).isEqualTo(200);
            assertThat(browser.get("/login?return_to=/").status()).isEqualTo(303);
            assertThat(browser.get("/login/callback?state=x&code=y").status()).isEqualTo(400);
            Answer out = gateway.client().cookie(COOKIE, cookie).script().send("POST", "/logout", "");
            assertThat(out.status()).isEqualTo(200);
            assertThat(out.clears(COOKIE)).isTrue();
        }
    }
}
