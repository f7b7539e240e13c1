package dev.firebreak.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.user.NewUser;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.Users;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

class LoginFlowIT extends ServerIT {
    static final String PASSWORD = "correct horse battery";
    static final String WRONG = "The e-mail address or the password is not right.";
    static final String HOME = TestDeployment.ORIGIN + "/";

    @Autowired
    Users users;

    @Value("${local.server.port}")
    int port;

    TestBrowser browser;
    UserAccount alice;

    @BeforeEach
    void openBrowser() {
        browser = new TestBrowser(port);
        alice = users.create(new NewUser(
                        UUID.randomUUID() + "@Example.com", "Alice", PASSWORD, UserAccount.Role.USER, false))
                .account();
    }

    @AfterEach
    void noCookieButOurOwn() {
        assertThat(browser.everSet()).isSubsetOf("firebreak-sso", "firebreak-signin");
    }

    String authorize(Map<String, String> more) {
        Map<String, String> request = oauth.authorizationRequest();
        request.putAll(more);
        return "/auth/oauth2/authorize?" + TestOAuth.form(request);
    }

    @Test
    void signsInByTheFormAndGoesBackToTheClientWithACode() {
        Page form = browser.follow(browser.get(authorize(Map.of())));
        assertThat(form.status()).isEqualTo(200);

        Page back = browser.signIn(form, alice.email().toUpperCase(java.util.Locale.ROOT), PASSWORD);
        Page callback = browser.follow(back);

        assertThat(back.status()).isEqualTo(303);
        assertThat(back.header("Location")).isEqualTo(authorize(Map.of()));
        assertThat(callback.header("Location")).startsWith(TestDeployment.CALLBACK + "?code=");
        String code = callback.header("Location").replaceFirst(".*[?&]code=([^&]+).*", "$1");
        Map<String, Object> claims =
                TestOAuth.claims(TestOAuth.requireOk(oauth.exchange(code)).text("access_token"));
        assertThat(claims)
                .containsEntry("sub", alice.id().toString())
                .containsEntry("acr", "urn:firebreak:acr:1")
                .containsKeys("sid", "auth_time");
        assertThat(browser.cookie("firebreak-signin")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, null",
        "Origin, http://localhost:8080.evil.example",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site",
        "Sec-Fetch-Site, none"
    })
    void refusesAFormThatTheBrowserSaysIsAnotherSitesEvenWithAPlantedStep(String header, String value) {
        Page planted = browser.get("/auth/login");
        browser.saying(header, value);

        Page refused = browser.signIn(planted, alice.email(), PASSWORD);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(browser.cookie("firebreak-sso")).isNull();
    }

    @Test
    void refusesToSignOutByAFormOfAnotherSite() {
        browser.signIn(alice.email(), PASSWORD);
        Page form = browser.get("/auth/logout");
        browser.saying("Origin", "http://evil.example");

        Page refused = browser.submit("/auth/logout", Map.of("_csrf", form.csrf()));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(browser.cookie("firebreak-sso")).isNotNull();
    }

    @Test
    void takesAFormThatTheBrowserSaysIsOurs() {
        browser.saying("Origin", TestDeployment.ORIGIN).saying("Sec-Fetch-Site", "same-origin");

        assertThat(browser.signIn(alice.email(), PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void aSignedInBrowserIsNotAskedAgain() {
        browser.signIn(alice.email(), PASSWORD);

        assertThat(browser.get(authorize(Map.of())).location()).startsWith(TestDeployment.CALLBACK + "?code=");
    }

    @Test
    void showsTheFormWithoutAnySql() {
        statements.reset();
        Page form = browser.get("/auth/login");

        assertThat(form.status()).isEqualTo(200);
        assertThat(requestStatements()).isEmpty();
        assertThat(form.body()).contains("action=\"/auth/login\"").doesNotContain("id=\"summary\"");
    }

    @Test
    void aWrongPasswordAndAnUnknownUserLookTheSame() {
        Page wrong = browser.signIn(alice.email(), "wrong password");
        Page unknown = browser.signIn("nobody@example.com", PASSWORD);

        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body()).contains(WRONG);
        assertThat(wrong.typed()).isEqualTo(alice.email());
        assertThat(unknown.status()).isEqualTo(422);
        assertThat(unknown.body().replace(unknown.csrf(), "").replace("nobody@example.com", ""))
                .isEqualTo(wrong.body().replace(wrong.csrf(), "").replace(alice.email(), ""));
        assertThat(browser.cookie("firebreak-sso")).isNull();
    }

    @Test
    void theNextTryAfterAWrongPasswordStillLeadsBack() {
        Page form = browser.follow(browser.get(authorize(Map.of())));

        Page again = browser.signIn(form, alice.email(), "wrong password");

        assertThat(browser.signIn(again, alice.email(), PASSWORD).header("Location"))
                .isEqualTo(authorize(Map.of()));
    }

    @Test
    void tellsThatAnAccountIsDisabledOnlyAfterItsPassword() {
        users.disable(alice.id());

        Page right = browser.signIn(alice.email(), PASSWORD);
        Page wrong = browser.signIn(alice.email(), "wrong password");

        assertThat(right.status()).isEqualTo(403);
        assertThat(right.body()).contains("This account is disabled.");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(browser.cookie("firebreak-sso")).isNull();
    }

    @Test
    void aFormWithoutItsSecretStartsAgainAndKeepsTheAddress() {
        browser.get("/auth/login");

        Page refused = browser.submit("/auth/login", Map.of("username", alice.email(), "password", PASSWORD));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).contains("This page was open for too long.");
        assertThat(refused.typed()).isEqualTo(alice.email());
        assertThat(browser.cookie("firebreak-sso")).isNull();
        assertThat(browser.signIn(refused, alice.email(), PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void anotherBrowsersFormIsNotOurs() {
        Page attackers = new TestBrowser(port).get("/auth/login");
        browser.get("/auth/login");

        assertThat(browser.signIn(attackers, alice.email(), PASSWORD).status()).isEqualTo(403);
    }

    @Test
    void anExpiredStepStartsAgainAndThenSignsIn() {
        Page form = browser.follow(browser.get(authorize(Map.of())));
        pass(Duration.ofMinutes(10));

        Page again = browser.signIn(form, alice.email(), PASSWORD);

        assertThat(again.status()).isEqualTo(403);
        assertThat(browser.signIn(again, alice.email(), PASSWORD).header("Location"))
                .isEqualTo(HOME);
    }

    @Test
    void aChangedStepStartsAgain() {
        Page form = browser.get("/auth/login");
        String step = browser.cookie("firebreak-signin");
        browser.setCookie("firebreak-signin", "v1." + (step.charAt(3) == '_' ? '-' : '_') + step.substring(4));

        Page again = browser.signIn(form, alice.email(), PASSWORD);

        assertThat(again.status()).isEqualTo(403);
        assertThat(browser.signIn(again, alice.email(), PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void whoCameByItselfGoesToTheStartPageWhateverTheAddressSays() {
        Page form = browser.get("/auth/login?return_to=https://evil.example/&continue=//evil.example");

        assertThat(browser.signIn(form, alice.email(), PASSWORD).header("Location"))
                .isEqualTo(HOME);
    }

    @Test
    void namesTheClientAndFillsInTheHint() {
        Page form = browser.follow(browser.get(authorize(Map.of("login_hint", "\"><b>+x@example.com"))));

        assertThat(form.body()).contains("Client gateway").doesNotContain("<b>");
        assertThat(form.typed()).isEqualTo("&quot;&gt;&lt;b&gt;+x@example.com");
    }

    @Test
    void pagesForbidEverythingThatTheyDoNotNeed() {
        Page form = browser.get("/auth/login");

        assertThat(form.header("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
                        + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
                        + "");
        assertThat(form.header("Cache-Control")).isEqualTo("no-store");
        assertThat(form.header("Referrer-Policy")).isEqualTo("same-origin");
        assertThat(form.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(form.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(form.header("Content-Type")).isEqualTo("text/html;charset=UTF-8");
    }

    @Test
    void theFormMayLeadToTheClientThatAskedAndNowhereElse() {
        String callback = "http://127.0.0.1:51234/callback";
        Page form =
                browser.follow(browser.get(authorize(Map.of("client_id", "firebreak-cli", "redirect_uri", callback))));

        assertThat(form.header("Content-Security-Policy")).endsWith("form-action 'self' http://127.0.0.1:51234");
        Page back = browser.signIn(form, alice.email(), PASSWORD);
        assertThat(browser.follow(back).header("Location")).startsWith(callback + "?code=");
    }

    @Test
    void theCookieLivesAsLongAsTheUserAsked() {
        Page plain = browser.signIn(alice.email(), PASSWORD);
        Page remembered = browser.submit(
                "/auth/login",
                Map.of(
                        "_csrf",
                        browser.get("/auth/login").csrf(),
                        "username",
                        alice.email(),
                        "password",
                        PASSWORD,
                        "remember",
                        "true"));

        assertThat(plain.response().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("firebreak-sso=")
                        .contains("Path=/auth", "HttpOnly", "SameSite=Lax")
                        .doesNotContain("Max-Age", "Expires", "Secure"));
        assertThat(remembered.response().headers().allValues("Set-Cookie"))
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("firebreak-sso=").contains("Max-Age=7776000"));
    }

    @Test
    void aSecretThatSomebodyPlantedIsNotAdopted() {
        String planted = "A".repeat(43);
        browser.setCookie("firebreak-sso", planted);

        browser.signIn(alice.email(), PASSWORD);

        assertThat(browser.cookie("firebreak-sso")).hasSize(43).isNotEqualTo(planted);
        TestBrowser attacker = new TestBrowser(port);
        attacker.setCookie("firebreak-sso", planted);
        assertThat(attacker.get(authorize(Map.of())).location()).isEqualTo("/auth/login");
    }

    @Test
    void aClientThatAsksForAFreshProofGetsOneAndNoLoop() {
        browser.signIn(alice.email(), PASSWORD);
        String before = browser.cookie("firebreak-sso");
        for (Map<String, String> demand : java.util.List.of(Map.of("prompt", "login"), Map.of("max_age", "0"))) {
            clock.advance(Duration.ofSeconds(2));
            Page form = browser.follow(browser.get(authorize(demand)));
            assertThat(form.body()).contains("action=\"/auth/login\"");

            Page callback = browser.follow(browser.signIn(form, alice.email(), PASSWORD));

            assertThat(callback.header("Location")).startsWith(TestDeployment.CALLBACK + "?code=");
        }
        assertThat(browser.cookie("firebreak-sso")).isNotEqualTo(before);
        assertThat(browser.get(authorize(Map.of("prompt", "none", "max_age", "0")))
                        .location())
                .contains("error=login_required");
    }

    @Test
    void tooManyFailuresCloseAnAccountForAWhileEvenToItsOwner() {
        for (int i = 0; i < 10; i++) {
            assertThat(browser.signIn(alice.email(), "guess " + i).status()).isEqualTo(422);
        }

        Page limited = browser.from("192.0.2.99").signIn(alice.email(), PASSWORD);

        assertThat(limited.status()).isEqualTo(429);
        assertThat(limited.body()).contains("Too many tries in a short time.");
        assertThat(Integer.parseInt(limited.header("Retry-After"))).isBetween(1, 60);
        assertThat(limited.typed()).isEqualTo(alice.email());
        pass(Duration.ofMinutes(1));
        assertThat(browser.signIn(alice.email(), PASSWORD).status()).isEqualTo(303);
    }

    @Test
    void rightPasswordsAreNotCounted() {
        for (int i = 0; i < 15; i++) {
            assertThat(browser.signIn(alice.email(), PASSWORD).status()).isEqualTo(303);
        }
    }

    @Test
    void signingOutEndsTheSessionAndWhatStandsOnIt() {
        browser.signIn(alice.email(), PASSWORD);
        String cookie = browser.cookie("firebreak-sso");
        String code = browser.get(authorize(Map.of())).header("Location").replaceFirst(".*[?&]code=([^&]+).*", "$1");
        String refreshToken = TestOAuth.requireOk(oauth.exchange(code)).text("refresh_token");

        Page asked = browser.get("/auth/logout");
        Page done = browser.submit("/auth/logout", Map.of("_csrf", asked.csrf()));

        assertThat(done.status()).isEqualTo(303);
        assertThat(done.header("Location")).isEqualTo(HOME);
        assertThat(browser.cookie("firebreak-sso")).isNull();
        assertThat(oauth.refresh(refreshToken).text("error")).isEqualTo("invalid_grant");
        browser.setCookie("firebreak-sso", cookie);
        assertThat(browser.get(authorize(Map.of())).location()).isEqualTo("/auth/login");
    }

    @Test
    void nobodyIsSignedOutByAForeignForm() {
        browser.signIn(alice.email(), PASSWORD);

        Page refused = browser.submit("/auth/logout", Map.of());

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.header("Content-Type")).startsWith("text/html");
        assertThat(browser.get(authorize(Map.of())).location()).startsWith(TestDeployment.CALLBACK);
    }

    @Test
    void peopleGetAPageForWhatIsNotThereAndProgramsADocument() {
        Page page = browser.get("/auth/<script>nothing".replace("<", "%3C").replace(">", "%3E"));
        TestOAuth.Answer document = oauth.send(oauth.get("/auth/nothing"));

        assertThat(page.status()).isEqualTo(404);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(page.body()).contains("request.unknown_path").doesNotContain("<script>nothing");
        assertThat(document.status()).isEqualTo(404);
        assertThat(document.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(document.text("code")).isEqualTo("request.unknown_path");
    }

    @Test
    void styleAndScriptOfThePagesAreThere() {
        String form = browser.get("/auth/login").body();

        java.util.regex.Matcher assets =
                java.util.regex.Pattern.compile("\"(/auth/assets/[^\"]+)\"").matcher(form);
        int found = 0;
        while (assets.find()) {
            assertThat(browser.get(assets.group(1)).status())
                    .as(assets.group(1))
                    .isEqualTo(200);
            found++;
        }
        assertThat(found).isGreaterThan(1);
    }
}
