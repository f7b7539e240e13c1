package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.sso.SsoSessions;
import dev.firebreak.starter.test.Eventually;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class UserInfoIT extends ServerIT {
    @Autowired
    SsoSessions sessions;

    @Test
    void tellsWhatTheScopesAllow() {
        SignedIn ada = people.signIn();

        Answer answer = ask(oauth.tokens(ada).text("access_token"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json())
                .isEqualTo(Map.of("sub", ada.userId().toString(), "name", "Ada Lovelace", "email", ada.email()));
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @Test
    void wantsAUsersTokenWithOpenid() {
        Answer without = oauth.send(oauth.get("/auth/userinfo"));
        Answer rubbish = ask("rubbish");
        Answer service = ask(oauth.token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token"));

        assertThat(without.status()).isEqualTo(401);
        assertThat(without.header("WWW-Authenticate")).startsWith("Bearer").doesNotContain("error");
        assertThat(rubbish.status()).isEqualTo(401);
        assertThat(rubbish.header("WWW-Authenticate")).contains("error=\"invalid_token\"");
        assertThat(service.status()).isEqualTo(403);
        Map<String, String> request = oauth.authorizationRequest();
        request.put("scope", "tasks:read");
        SignedIn ada = people.signIn();
        String code =
                oauth.authorize(request, ada.cookie()).redirectParameters().get("code");
        assertThat(ask(oauth.exchange(code).text("access_token")).status()).isEqualTo(403);
    }

    @Test
    void refusesAnIdToken() {
        assertThat(ask(oauth.tokens(people.signIn()).text("id_token")).status()).isEqualTo(401);
    }

    @Test
    void refusesATokenWhoseSessionWasEndedWithinSeconds() {
        SignedIn ada = people.signIn();
        String token = oauth.tokens(ada).text("access_token");
        assertThat(ask(token).status()).isEqualTo(200);

        assertThat(sessions.end(ada.sid(), "sign_out")).isTrue();

        Eventually.within(
                Duration.ofSeconds(5),
                "the revocation is effective",
                () -> ask(token).status() == 401);
    }

    @Test
    void refusesAnExpiredToken() {
        String token = TestOAuth.requireOk(oauth.tokens(people.signIn())).text("access_token");

        pass(Duration.ofMinutes(16));

        assertThat(ask(token).status()).isEqualTo(401);
    }

    private Answer ask(String token) {
        return oauth.send(oauth.get("/auth/userinfo").header("Authorization", "Bearer " + token));
    }
}
