package dev.firebreak.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.google.FakeGoogle;
import dev.firebreak.auth.vault.TestVault.Connected;
import dev.firebreak.starter.test.BusyPool;
import dev.firebreak.starter.test.Eventually;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The vault as services ask it: over HTTP, with client assertions, in front of a real server. */
class VaultFaceIT {
    static final String CLIENT = "calendar-service";

    static FakeGoogle fake;
    static TestServer server;
    static TestVault vault;

    @BeforeAll
    static void start() {
        fake = FakeGoogle.start();
        server = new TestServer(8, fake.keys());
        vault = new TestVault(server.bean(DataSource.class), server.deployment.wrappingKeyFile(), server.clock);
    }

    @AfterAll
    static void stop() {
        server.close();
        fake.close();
    }

    /** An access token of the user with these scopes. */
    static String accessToken(UUID user, String scopes) {
        SignedIn person =
                new TestPeople(server.bean(JdbcClient.class), server.clock).signInAgain(user, user + "@example.com");
        Map<String, String> request = server.oauth.authorizationRequest();
        request.put("scope", scopes);
        String code = server.oauth
                .authorize(request, person.cookie())
                .redirectParameters()
                .get("code");
        return TestOAuth.requireOk(server.oauth.exchange(code)).text("access_token");
    }

    static Map<String, String> form(String subject, String type) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        form.put("subject_token", subject);
        form.put("subject_token_type", type);
        form.put("service", "calendar");
        return form;
    }

    static Map<String, String> present(Connected of) {
        return form(accessToken(of.user(), "openid google:token"), "urn:ietf:params:oauth:token-type:access_token");
    }

    static Map<String, String> away(Connected of) {
        return form(of.user().toString(), "urn:firebreak:params:user-id");
    }

    static Answer ask(String client, Map<String, String> form) {
        return ask(client, "/auth/internal/v1/vault/token", form);
    }

    static Answer ask(String client, String path, Map<String, String> form) {
        return server.oauth.send(server.oauth
                .internal(path, client)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(TestOAuth.form(form))));
    }

    static void assertRefused(Answer answer, int status, String code) {
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void givesTheTokenOfAPresentUser() {
        Connected ada = vault.connect(fake.grant());

        Answer answer = TestOAuth.requireOk(ask(CLIENT, present(ada)));

        assertThat(answer.text("access_token")).startsWith("ya29.");
        assertThat(answer.text("issued_token_type")).isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(answer.text("token_type")).isEqualTo("Bearer");
        assertThat(answer.text("scope")).isEqualTo("https://www.googleapis.com/auth/calendar.events");
        assertThat(((Number) answer.json().get("expires_in")).longValue()).isBetween(3500L, 3600L);
        assertThat(answer.json()).doesNotContainKey("refresh_token");
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @Test
    void givesNothingToWhoMayNotHaveIt() {
        Connected ada = vault.connect(fake.grant());
        Map<String, String> good = present(ada);
        Map<String, String> mail = new LinkedHashMap<>(good);
        mail.put("service", "gmail");

        assertRefused(ask("plain-service", good), 403, "vault.not_allowed");
        assertRefused(ask("task-service", good), 403, "auth.client_forbidden");
        assertRefused(ask(CLIENT, mail), 403, "vault.not_allowed");
        String unscoped = accessToken(ada.user(), "openid tasks:read");
        assertRefused(
                ask(CLIENT, form(unscoped, "urn:ietf:params:oauth:token-type:access_token")),
                403,
                "auth.scope_missing");
        assertRefused(
                ask(CLIENT, form("rubbish", "urn:ietf:params:oauth:token-type:access_token")),
                401,
                "auth.token_malformed");
        assertThat(server.oauth
                        .send(HttpRequest.newBuilder(
                                        URI.create(server.oauth.internalUrl("/auth/internal/v1/vault/token")))
                                .POST(HttpRequest.BodyPublishers.noBody()))
                        .status())
                .isEqualTo(401);
        assertThat(server.oauth.post("/auth/internal/v1/vault/token", good).status())
                .as("the public face has no such place")
                .isEqualTo(404);
    }

    @Test
    void whileTheUserIsAwayBothSwitchesMustBeOn() {
        Connected ada = vault.connect(fake.grant());
        Connected drive = vault.addService(ada, GoogleService.DRIVE);
        vault.jdbc
                .sql("UPDATE user_oauth_tokens SET offline = true WHERE id = :id")
                .param("id", drive.row())
                .update();

        assertRefused(ask(CLIENT, away(ada)), 403, "vault.not_allowed");
        Map<String, String> ofDrive = away(ada);
        ofDrive.put("service", "drive");
        assertRefused(ask(CLIENT, ofDrive), 403, "vault.not_allowed");

        vault.jdbc
                .sql("UPDATE user_oauth_tokens SET offline = true WHERE id = :id")
                .param("id", ada.row())
                .update();
        assertThat(TestOAuth.requireOk(ask(CLIENT, away(ada))).text("access_token"))
                .startsWith("ya29.");
    }

    @Test
    void namesWhatIsWrongWithAQuestion() {
        Connected ada = vault.connect(fake.grant());
        for (String missing : new String[] {"grant_type", "subject_token", "subject_token_type", "service"}) {
            Map<String, String> form = away(ada);
            form.remove(missing);
            assertInvalid(ask(CLIENT, form), missing);
        }
        for (var wrong : Map.of(
                        "grant_type", "password",
                        "subject_token_type", "urn:other",
                        "service", "kalender",
                        "minimum_seconds", "1501",
                        "account", "a b")
                .entrySet()) {
            Map<String, String> form = away(ada);
            form.put(wrong.getKey(), wrong.getValue());
            assertInvalid(ask(CLIENT, form), wrong.getKey());
        }
        assertInvalid(ask(CLIENT, "/auth/internal/v1/vault/token?service=drive", away(ada)), "query");
        assertInvalid(ask(CLIENT, form("not-an-id", "urn:firebreak:params:user-id")), "subject_token");
    }

    private static void assertInvalid(Answer answer, String field) {
        assertRefused(answer, 400, "request.invalid");
        assertThat(answer.raw().body()).contains("\"field\":\"" + field + "\"");
    }

    @Test
    void saysWhyAUserMustConnectAgain() {
        Connected ada = vault.connect("1//worthless");

        Answer answer = ask(CLIENT, present(ada));

        assertRefused(answer, 409, "vault.reconnect_required");
        assertThat(answer.text("reason")).isEqualTo("revoked");
        assertRefused(ask(CLIENT, away(vault.connect("1//worthless"))), 403, "vault.not_allowed");
    }

    @Test
    void oneClientThatAsksForOneUserWithoutEndHurtsNobodyElse() {
        Connected ada = vault.connect(fake.grant());
        Map<String, String> form = present(ada);
        Answer answer = ask(CLIENT, form);
        for (int i = 0; i < 3_000 && answer.status() == 200; i++) {
            answer = ask(CLIENT, form);
        }

        assertRefused(answer, 429, "rate.limited");
        assertThat(answer.header("Retry-After")).isNotEmpty();
        TestOAuth.requireOk(ask(CLIENT, present(vault.connect(fake.grant()))));
    }

    @Test
    void anExhaustedPoolOfTheVaultConcernsNobodyElseAndNoTokenInMemory() throws InterruptedException {
        Connected ada = vault.connect(fake.grant());
        Map<String, String> adas = present(ada);
        Map<String, String> bobs = present(vault.connect(fake.grant()));
        TestOAuth.requireOk(ask(CLIENT, adas));

        try (BusyPool _ = new BusyPool(server.bean("vaultPool", DataSource.class), 4)) {
            TestOAuth.requireOk(ask(CLIENT, adas));
            assertRefused(ask(CLIENT, bobs), 503, "vault.saturated");
            assertThat(present(ada)).as("somebody signs in").isNotEmpty();
        }

        Eventually.within(
                Duration.ofSeconds(10),
                "the pool has room",
                () -> ask(CLIENT, bobs).status() == 200);
    }

    @Test
    void noTokenOutlivesItsConnectionInMemoryForLong() {
        Connected ada = vault.connect(fake.grant());
        Map<String, String> form = present(ada);
        TestOAuth.requireOk(ask(CLIENT, form));

        vault.jdbc
                .sql("DELETE FROM user_oauth_tokens WHERE id = :id")
                .param("id", ada.row())
                .update();
        vault.jdbc
                .sql("UPDATE google_account_grant SET version = version + 1, updated_at = now() WHERE id = :id")
                .param("id", ada.grant())
                .update();

        Eventually.within(
                Duration.ofSeconds(10),
                "forgotten",
                () -> ask(CLIENT, form).text("code").equals("vault.not_connected"));
    }
}
