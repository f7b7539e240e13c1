package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.user.NewUser;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.auth.user.Users;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** A fresh proof of who somebody is, on demand, and what it changes. */
class StepUpIT extends ServerIT {
    static final String PASSWORD = "correct horse battery";

    @Autowired
    Users users;

    @Value("${local.server.port}")
    int port;

    TestBrowser browser;
    UserAccount alice;

    @BeforeEach
    void signInAnHourAgo() {
        browser = new TestBrowser(port);
        alice = add();
        browser.signIn(alice.email(), PASSWORD);
        pass(Duration.ofHours(1));
    }

    UserAccount add() {
        return users.create(new NewUser(
                        UUID.randomUUID() + "@example.com", "Alice", PASSWORD, UserAccount.Role.USER, false))
                .account();
    }

    Page authorize(Map<String, String> more) {
        Map<String, String> request = oauth.authorizationRequest();
        request.putAll(more);
        return browser.get("/auth/oauth2/authorize?" + TestOAuth.form(request));
    }

    /** The gateway's tokens for what the browser was sent back with. */
    Answer tokens(Page callback) {
        assertThat(callback.header("Location")).startsWith(TestDeployment.CALLBACK + "?code=");
        return TestOAuth.requireOk(
                oauth.exchange(callback.header("Location").replaceFirst(".*[?&]code=([^&]+).*", "$1")));
    }

    Page stepUp(Map<String, String> demand, UserAccount user) {
        Page form = browser.follow(authorize(demand));
        assertThat(form.body()).contains("action=\"/auth/login\"");
        return browser.follow(browser.signIn(form, user.email(), PASSWORD));
    }

    static Map<String, Object> access(Answer tokens) {
        return TestOAuth.claims(tokens.text("access_token"));
    }

    @ParameterizedTest
    @CsvSource({"prompt, login", "max_age, 300", "max_age, 0"})
    void renewsTheProofOfTheSameSignInAndMakesAnotherFamily(String parameter, String value) {
        Answer before = tokens(authorize(Map.of()));

        Answer after = tokens(stepUp(Map.of(parameter, value), alice));

        long now = clock.instant().getEpochSecond();
        assertThat(access(after))
                .containsEntry("sid", access(before).get("sid"))
                .containsEntry("sub", alice.id().toString());
        assertThat((Long) access(before).get("auth_time")).isLessThanOrEqualTo(now - 3600);
        assertThat((Long) access(after).get("auth_time")).isBetween(now - 60, now);
        assertThat(TestOAuth.claims(after.text("id_token")).get("auth_time"))
                .isEqualTo(access(after).get("auth_time"));
        assertThat(family(after)).isNotEqualTo(family(before));
        assertThat(access(TestOAuth.requireOk(oauth.refresh(before.text("refresh_token"))))
                        .get("auth_time"))
                .as("the older family goes on as it was")
                .isEqualTo(access(before).get("auth_time"));
        assertThat(jdbc.sql("SELECT count(*) FROM sso_session WHERE user_id = :user")
                        .param("user", alice.id())
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    static String family(Answer tokens) {
        return tokens.text("refresh_token").split("\\.")[2];
    }

    @Test
    void aProofThatIsYoungEnoughIsNotAskedForAgain() {
        assertThat(authorize(Map.of("max_age", "7200")).header("Location")).contains("?code=");
    }

    @Test
    void anotherUserGetsASignInOfTheirOwnAndTheFirstOneEnds() {
        Answer alices = tokens(authorize(Map.of()));
        UserAccount bob = add();

        Answer bobs = tokens(stepUp(Map.of("prompt", "login"), bob));

        assertThat(access(bobs)).containsEntry("sub", bob.id().toString());
        assertThat(access(bobs).get("sid")).isNotEqualTo(access(alices).get("sid"));
        assertThat(oauth.refresh(alices.text("refresh_token")).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void theDemandIsFulfilledOncePerRequestAndMadeAgainByTheNext() {
        tokens(stepUp(Map.of("prompt", "login"), alice));

        assertThat(authorize(Map.of("prompt", "login")).location()).isEqualTo("/auth/login");
    }

    @Test
    void aWrongPasswordRenewsNothing() {
        Page form = browser.follow(authorize(Map.of("prompt", "login")));

        assertThat(browser.signIn(form, alice.email(), "wrong password").status())
                .isEqualTo(422);

        long authTime = (Long) access(tokens(authorize(Map.of()))).get("auth_time");
        assertThat(authTime).isLessThanOrEqualTo(clock.instant().getEpochSecond() - 3600);
    }

    @ParameterizedTest
    @CsvSource({
        "max_age, soon",
        "max_age, -1",
        "max_age, ''",
        "max_age, 99999999999",
        "prompt, Login",
        "prompt, log in",
        "prompt, none login"
    })
    void refusesADemandThatItDoesNotUnderstand(String parameter, String value) {
        Page answer = authorize(Map.of(parameter, value));

        assertThat(answer.header("Location"))
                .startsWith(TestDeployment.CALLBACK + "?error=invalid_request")
                .contains("iss=");
    }

    @Test
    void refusesADemandThatComesTwice() {
        String request = TestOAuth.form(oauth.authorizationRequest());

        Page answer = browser.get("/auth/oauth2/authorize?" + request + "&max_age=9999&max_age=0");

        assertThat(answer.header("Location")).startsWith(TestDeployment.CALLBACK + "?error=invalid_request");
    }
}
