package dev.firebreak.gateway;

import static dev.firebreak.gateway.TestGateway.COOKIE;
import static dev.firebreak.gateway.TestGateway.ISSUER;
import static dev.firebreak.gateway.TestGateway.ORIGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.token.Claims;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Call;
import dev.firebreak.gateway.FakeService.Reply;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoginIT extends SharedGatewayIT {
    final String sub = UUID.randomUUID().toString();
    final String sid = UUID.randomUUID().toString();

    static Map<String, String> query(Answer redirect) {
        return Arrays.stream(
                        URI.create(redirect.header("Location")).getRawQuery().split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    Answer begin(Client browser, String returnTo) {
        Answer begun = browser.get("/login?return_to=" + returnTo);
        browser.keep(begun);
        return begun;
    }

    String callback(Answer begun) {
        Map<String, String> query = query(begun);
        return "/login/callback?code=" + gateway.auth().newCode(sub, sid, query.get("nonce")) + "&state="
                + query.get("state") + "&iss=" + ISSUER;
    }

    @Test
    void asksTheAuthorizationServerWithStateNonceAndChallenge() {
        Answer begun = gateway.client().get("/login?return_to=/x&login_hint=alice%40example.com");

        assertThat(begun.status()).isEqualTo(303);
        assertThat(begun.header("Location")).startsWith(ISSUER + "/oauth2/authorize?");
        assertThat(begun.header("Cache-Control")).isEqualTo("no-store");
        Map<String, String> query = query(begun);
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "gateway")
                .containsEntry("redirect_uri", ORIGIN + "/login/callback")
                .containsEntry("scope", "openid profile email tasks:read tasks:write")
                .containsEntry("code_challenge_method", "S256")
                .containsEntry("login_hint", "alice@example.com");
        assertThat(begun.headers().get("set-cookie"))
                .singleElement()
                .asString()
                .startsWith(COOKIE + "-login-" + query.get("state") + "=v1.c1.")
                .contains("Max-Age=600", "HttpOnly", "SameSite=Lax", "Path=/");
    }

    @Test
    void signsInAndGoesToThePageAskedFor() {
        Client browser = gateway.client().navigating();
        Answer begun = begin(browser, "/tasks%3Ffilter%3Dopen");

        Answer done = browser.get(callback(begun));

        assertThat(done.status()).isEqualTo(303);
        assertThat(done.header("Location")).isEqualTo("/tasks?filter=open");
        assertThat(done.header("Cache-Control")).isEqualTo("no-store");
        assertThat(done.setCookies(COOKIE)).singleElement().asString().doesNotContain("Max-Age", "Expires");
        assertThat(done.clears(COOKIE + "-login-" + query(begun).get("state"))).isTrue();
        Call call = gateway.auth().face().calls(FakeAuthServer.TOKEN).getFirst();
        assertThat(call.form())
                .containsEntry("grant_type", "authorization_code")
                .containsEntry("redirect_uri", ORIGIN + "/login/callback")
                .containsKeys("code", "code_verifier", "client_assertion");

        Answer session = browser.keep(done).get("/session");
        assertThat(session.json().get("user"))
                .isEqualTo(Map.of(
                        "id",
                        sub,
                        "name",
                        "Alice Example",
                        "email",
                        "alice@example.com",
                        "roles",
                        java.util.List.of("user")));
        assertThat(gateway.client()
                        .cookie(COOKIE, browser.cookie(COOKIE))
                        .get("/api/v1/tasks")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void replacesWhateverCookieWasThere() {
        Client browser = gateway.client().cookie(COOKIE, "v1.c9.AAAA");
        Answer begun = begin(browser, "/");

        assertThat(browser.get(callback(begun)).newCookie(COOKIE)).startsWith("v1.c1.");
    }

    @ParameterizedTest
    @CsvSource({"prompt=login, prompt, login", "max_age=0, max_age, 0", "max_age=300, max_age, 300"})
    void passesAStepUpOn(String wish, String parameter, String value) {
        Answer begun = gateway.client().get("/login?return_to=/ops/keys&" + wish);

        assertThat(begun.status()).isEqualTo(303);
        assertThat(query(begun)).containsEntry(parameter, value);
    }

    @Test
    void demandsNoFreshProofByItself() {
        assertThat(query(gateway.client().get("/login"))).doesNotContainKeys("prompt", "max_age");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prompt=none",
                "prompt=",
                "prompt=Login",
                "prompt=login%20consent",
                "prompt=login&prompt=login",
                "max_age=",
                "max_age",
                "max_age=-1",
                "max_age=soon",
                "max_age=1&max_age=2",
                "max_age=9999999999"
            })
    void refusesAStepUpThatItDoesNotKnowInsteadOfDroppingIt(String wish) {
        Answer refused = gateway.client().get("/login?" + wish);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("request.invalid");
        assertThat(refused.headers()).doesNotContainKey("set-cookie");
    }

    @Test
    void aStepUpReplacesTheSessionOfThisBrowser() {
        Client browser = gateway.client().navigating();
        browser.keep(browser.get(callback(begin(browser, "/"))));
        String before = browser.cookie(COOKIE);
        Answer again = browser.get("/login?prompt=login&return_to=/ops/keys");
        browser.keep(again);

        Answer done = browser.get(callback(again));

        assertThat(done.header("Location")).isEqualTo("/ops/keys");
        assertThat(done.newCookie(COOKIE)).startsWith("v1.c1.").isNotEqualTo(before);
        assertThat(browser.keep(done).get("/session").status()).isEqualTo(200);
    }

    @Test
    void goesToNobodyElsesSite() {
        for (String evil : new String[] {"https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"}) {
            Client browser = gateway.client();
            Answer begun = begin(browser, evil);

            assertThat(browser.get(callback(begun)).header("Location")).isEqualTo("/");
        }
    }

    @Test
    void keepsSignInsOfSeveralTabsApart() {
        Client browser = gateway.client();
        Answer first = begin(browser, "/first");
        Answer second = begin(browser, "/second");

        assertThat(browser.get(callback(first)).header("Location")).isEqualTo("/first");
        assertThat(browser.get(callback(second)).header("Location")).isEqualTo("/second");
    }

    @Test
    void keepsFiveSignInsAtMostAndDropsTheOldest() {
        Client browser = gateway.client();
        Answer oldest = begin(browser, "/oldest");
        for (int i = 0; i < 4; i++) {
            gateway.clock().advance(Duration.ofSeconds(1));
            begin(browser, "/");
        }
        gateway.clock().advance(Duration.ofSeconds(1));

        Answer sixth = begin(browser, "/sixth");

        assertThat(sixth.clears(COOKIE + "-login-" + query(oldest).get("state")))
                .isTrue();
        assertThat(browser.get(callback(oldest)).code()).isEqualTo("session.login_state");
        assertThat(browser.get(callback(sixth)).header("Location")).isEqualTo("/sixth");
    }

    @Test
    void doesNotTakeAnAnswerThatThisBrowserDidNotAskFor() {
        Answer others = begin(gateway.client(), "/");

        Answer answer = gateway.client().get(callback(others));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("session.login_state");
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @Test
    void doesNotTakeAnAnswerAfterTenMinutes() {
        Client browser = gateway.client();
        Answer begun = begin(browser, "/");
        gateway.clock().advance(Duration.ofMinutes(10));

        assertThat(browser.get(callback(begun)).code()).isEqualTo("session.login_state");
    }

    @Test
    void doesNotTakeAnotherIssuersAnswer() {
        Client browser = gateway.client();
        Answer begun = begin(browser, "/");

        Answer answer = browser.get(callback(begun).replace("iss=" + ISSUER, "iss=https://evil.example"));

        assertThat(answer.code()).isEqualTo("session.login_state");
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "access_denied, 400, session.login_refused, true",
        "invalid_scope, 400, session.login_refused, true",
        "temporarily_unavailable, 503, auth.unavailable, false",
        "server_error, 503, auth.unavailable, false"
    })
    void tellsARefusalFromTrouble(String error, int status, String code, boolean cleared) {
        Client browser = gateway.client();
        String state = query(begin(browser, "/")).get("state");

        Answer answer = browser.get("/login/callback?error=" + error + "&state=" + state);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.clears(COOKIE + "-login-" + state)).isEqualTo(cleared);
        assertThat(answer.setCookies(COOKIE)).isEmpty();
    }

    @Test
    void redeemsACodeOnce() {
        Client browser = gateway.client().navigating();
        String callback = callback(begin(browser, "/"));
        browser.get(callback);

        Answer again = browser.get(callback);

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.header("Content-Type")).startsWith("text/html");
        assertThat(again.body()).contains("session.login_refused", "/login?return_to=/");
    }

    @Test
    void finishesTheSignInOnReloadWhenTheAuthorizationServerIsBack() {
        Client browser = gateway.client().navigating();
        Answer begun = begin(browser, "/later");
        String callback = callback(begun);
        gateway.auth().face().stop();

        Answer away = browser.get(callback);
        gateway.auth().face().restart();
        Answer back = browser.keep(away).get(callback);

        assertThat(away.status()).isEqualTo(503);
        assertThat(away.header("Retry-After")).matches("[1-9]|10");
        assertThat(away.header("Content-Type")).startsWith("text/html");
        assertThat(away.setCookies(COOKIE + "-login-" + query(begun).get("state")))
                .isEmpty();
        assertThat(back.header("Location")).isEqualTo("/later");
    }

    static Stream<Consumer<com.nimbusds.jwt.JWTClaimsSet.Builder>> badIdTokens() {
        return Stream.of(
                claims -> claims.issuer("https://other"),
                claims -> claims.audience("other"),
                claims -> claims.audience(java.util.List.of("gateway", "other")),
                claims -> claims.claim("nonce", "another"),
                claims -> claims.claim("nonce", null),
                claims -> claims.claim("exp", 1),
                claims -> claims.subject("somebody-else"));
    }

    @ParameterizedTest
    @MethodSource("badIdTokens")
    void believesNoIdTokenThatIsNotTheAnswerToThisSignIn(Consumer<com.nimbusds.jwt.JWTClaimsSet.Builder> change) {
        Client browser = gateway.client();
        String callback = callback(begin(browser, "/"));
        gateway.auth().changeIdTokens(change);

        Answer answer = browser.get(callback);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("auth.verifiers_disagree");
        assertThat(answer.setCookies(COOKIE)).isEmpty();
    }

    @Test
    void namesTheClaimThatMadeTheSessionTooLarge() throws Exception {
        Client browser = gateway.client();
        Answer begun = begin(browser, "/");
        String callback = callback(begun);
        gateway.auth().face().behave(call -> {
            Reply proper = gateway.auth().answer(call);
            String grown = gateway.issuer()
                    .accessToken(claims -> claims.subject(sub)
                            .claim(Claims.SID, sid)
                            .claim(Claims.ROLES, java.util.Collections.nCopies(400, "role")));
            Map<String, Object> body =
                    com.nimbusds.jose.util.JSONObjectUtils.parse(new String(proper.body(), StandardCharsets.UTF_8));
            body.put("access_token", grown);
            return Reply.json(200, com.nimbusds.jose.util.JSONObjectUtils.toJSONString(body));
        });

        Answer answer = browser.get(callback);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("session.too_large");
        assertThat(answer.json().get("detail")).asString().contains("the claim roles");
        assertThat(answer.setCookies(COOKIE)).isEmpty();
    }

    @Test
    void showsAPageWhileTheAuthorizationServerIsAway() {
        Client browser = gateway.client().navigating();
        Answer begun = begin(browser, "/");
        gateway.auth().face().stop();

        Answer page = browser.get(begun.header("Location").substring(ORIGIN.length()));

        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Retry-After")).isNotNull();
    }
}
