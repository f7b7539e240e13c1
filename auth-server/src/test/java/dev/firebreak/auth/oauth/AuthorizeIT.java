package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizeIT extends ServerIT {
    @Test
    void slowsABrowserDownThatIsSentHereAgainAndAgain() {
        SignedIn ada = people.signIn();
        Answer answer = oauth.authorize(oauth.authorizationRequest(), ada.cookie());
        for (int i = 0; i < 1000 && answer.status() == 303; i++) {
            answer = oauth.authorize(oauth.authorizationRequest(), ada.cookie());
        }

        assertThat(answer.status()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
        assertThat(oauth.authorize(oauth.authorizationRequest(), people.signIn().cookie())
                        .status())
                .as("another's")
                .isEqualTo(303);
    }

    @Test
    void sendsASignedInUserBackWithACodeStateAndIssuer() {
        Answer answer =
                oauth.authorize(oauth.authorizationRequest(), people.signIn().cookie());

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).startsWith(TestDeployment.CALLBACK + "?code=");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.redirectParameters())
                .containsOnlyKeys("code", "state", "iss")
                .containsEntry("state", "st&te 1")
                .containsEntry("iss", TestDeployment.ISSUER);
        assertThat(answer.redirectParameters().get("code")).hasSize(43);
    }

    @Test
    void takesTwoStatements() {
        SignedIn ada = people.signIn();
        statements.reset();

        oauth.authorize(oauth.authorizationRequest(), ada.cookie());

        assertThat(requestStatements()).hasSize(2);
        assertThat(requestStatements().getFirst()).contains("FROM sso_session");
        assertThat(requestStatements().getLast()).startsWith("INSERT INTO authorization_code");
    }

    @Test
    void sendsABrowserThatIsNotSignedInToTheConfiguredSignInPage() {
        Answer answer = oauth.send(oauth.get("/auth/oauth2/authorize?" + TestOAuth.form(oauth.authorizationRequest()))
                .header("X-Forwarded-Host", "evil.example"));

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo(TestDeployment.ISSUER + "/login");
        assertThat(answer.raw().headers().allValues("Set-Cookie"))
                .as("the request is remembered in the browser")
                .anyMatch(cookie -> cookie.startsWith("firebreak-signin="));
    }

    @Test
    void asksNobodyToSignInForARequestThatWouldBeRefused() {
        Map<String, String> request = oauth.authorizationRequest();
        request.put("scope", "openid keys:manage");

        Answer answer = oauth.authorize(request, null);

        assertThat(answer.redirectParameters())
                .containsEntry("error", "invalid_scope")
                .containsEntry("state", "st&te 1");
    }

    @Test
    void answersPromptNoneWithLoginRequired() {
        Map<String, String> request = oauth.authorizationRequest();
        request.put("prompt", "none");

        assertThat(oauth.authorize(request, null).redirectParameters())
                .containsEntry("error", "login_required")
                .containsEntry("state", "st&te 1")
                .containsEntry("iss", TestDeployment.ISSUER);
        assertThat(oauth.authorize(request, people.signIn().cookie()).redirectParameters())
                .containsKey("code");
    }

    @Test
    void asksAgainWhenAFreshSignInIsDemanded() {
        SignedIn ada = people.signIn();
        Map<String, String> login = oauth.authorizationRequest();
        login.put("prompt", "login");
        Map<String, String> maxAge = oauth.authorizationRequest();
        maxAge.put("max_age", "3600");

        assertThat(oauth.authorize(login, ada.cookie()).header("Location")).isEqualTo(TestDeployment.ISSUER + "/login");
        assertThat(oauth.authorize(maxAge, ada.cookie()).redirectParameters()).containsKey("code");
        pass(java.time.Duration.ofMinutes(61));
        assertThat(oauth.authorize(maxAge, ada.cookie()).header("Location"))
                .isEqualTo(TestDeployment.ISSUER + "/login");
    }

    @ParameterizedTest
    @CsvSource({
        "code_challenge, '', invalid_request",
        "code_challenge, short, invalid_request",
        "code_challenge_method, plain, invalid_request",
        "code_challenge_method, '', invalid_request",
        "scope, '', invalid_scope",
        "response_mode, fragment, invalid_request",
        "request, eyJ, request_not_supported"
    })
    void tellsTheClientWhatIsWrong(String parameter, String value, String error) {
        Map<String, String> request = oauth.authorizationRequest();
        request.put(parameter, value);

        Answer answer = oauth.authorize(request, people.signIn().cookie());

        assertThat(answer.header("Location")).startsWith(TestDeployment.CALLBACK + "?error=");
        assertThat(answer.redirectParameters())
                .containsEntry("error", error)
                .containsEntry("state", "st&te 1")
                .doesNotContainKey("code");
    }

    @ParameterizedTest
    @CsvSource({
        "client_id, nobody",
        "client_id, ''",
        "redirect_uri, http://localhost:8080/login/callback/",
        "redirect_uri, http://localhost:8080/login/callback?x=1",
        "redirect_uri, http://localhost:8080/elsewhere",
        "redirect_uri, https://evil.example/login/callback",
        "redirect_uri, http://localhost:8081/login/callback",
        "redirect_uri, http://localhost:8080/login/callback#f",
        "redirect_uri, ''",
        "client_id, task-service"
    })
    void sendsNobodyToAPlaceThatIsNotTheClients(String parameter, String value) {
        Map<String, String> request = oauth.authorizationRequest();
        request.put(parameter, value);

        Answer answer = oauth.authorize(request, people.signIn().cookie());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Location")).isEmpty();
        assertThat(answer.text("error")).isIn("invalid_request", "invalid_client");
    }

    @Test
    void showsPeopleAPageInsteadOfJson() {
        Map<String, String> request = oauth.authorizationRequest();
        request.put("client_id", "nobody");

        Answer answer = oauth.send(
                oauth.get("/auth/oauth2/authorize?" + TestOAuth.form(request)).header("Sec-Fetch-Mode", "navigate"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).startsWith("text/html");
    }

    @Test
    void letsTheLoopbackRedirectHaveAnyPort() {
        for (String port : new String[] {"", ":1", ":49152", ":65535"}) {
            Map<String, String> request = oauth.authorizationRequest();
            request.put("client_id", "firebreak-cli");
            request.put("redirect_uri", "http://127.0.0.1" + port + "/callback");

            Answer answer = oauth.authorize(request, people.signIn().cookie());

            assertThat(answer.redirectParameters()).containsKey("code");
            assertThat(URI.create(answer.header("Location")).getAuthority()).isEqualTo("127.0.0.1" + port);
        }
        Map<String, String> elsewhere = oauth.authorizationRequest();
        elsewhere.put("client_id", "firebreak-cli");
        elsewhere.put("redirect_uri", "http://127.0.0.1:1/elsewhere");
        assertThat(oauth.authorize(elsewhere, people.signIn().cookie()).status())
                .isEqualTo(400);
    }

    @Test
    void storesOnlyTheHashOfTheCode() {
        SignedIn ada = people.signIn();
        String code = oauth.code(ada);

        assertThat(jdbc.sql("""
                SELECT count(*) FROM authorization_code
                 WHERE sid = :sid AND code_hash = sha256(CAST(:code AS bytea))
                """)
                        .param("sid", ada.sid())
                        .param("code", code)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }
}
