package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ClientAuthenticationIT extends ServerIT {
    static final Map<String, String> GRANT = Map.of("grant_type", "client_credentials");

    @Test
    void givesAServiceATokenForItselfWithoutAnySql() {
        statements.reset();

        Answer answer = TestOAuth.requireOk(oauth.token("demo-service", GRANT));

        assertThat(requestStatements()).isEmpty();
        assertThat(answer.json()).containsOnlyKeys("access_token", "token_type", "expires_in", "scope");
        assertThat(TestOAuth.claims(answer.text("access_token")))
                .containsOnlyKeys("iss", "sub", "aud", "client_id", "scope", "jti", "iat", "exp")
                .containsEntry("sub", "demo-service")
                .containsEntry("client_id", "demo-service")
                .containsEntry("aud", TestDeployment.ORIGIN + "/api")
                .containsEntry("scope", "tasks:read tasks:write");
    }

    @Test
    void keepsScopesWithinWhatTheClientMayAsk() {
        Answer narrow = oauth.token("demo-service", Map.of("grant_type", "client_credentials", "scope", "tasks:read"));
        Answer wide = oauth.token("demo-service", Map.of("grant_type", "client_credentials", "scope", "google:token"));

        assertThat(narrow.text("scope")).isEqualTo("tasks:read");
        assertThat(wide.text("error")).isEqualTo("invalid_scope");
    }

    @Test
    void aResourceThatIsNamedMustBeWhereTheScopesAreGoodFor() {
        Answer api = oauth.token("demo-service", forResource(TestDeployment.ORIGIN + "/api"));
        Answer ops = oauth.token("demo-service", forResource(TestDeployment.ORIGIN + "/ops"));

        assertThat(api.status()).isEqualTo(200);
        assertThat(ops.status()).isEqualTo(400);
        assertThat(ops.text("error")).isEqualTo("invalid_target");
    }

    private static Map<String, String> forResource(String resource) {
        return Map.of("grant_type", "client_credentials", "resource", resource);
    }

    @Test
    void findsTheClientByItsAssertionAlone() {
        Map<String, String> form = withAssertion(oauth.assertion("demo-service"));

        assertThat(oauth.post("/auth/oauth2/token", form).status()).isEqualTo(200);
    }

    @Test
    void takesTheTokenEndpointAsAudienceToo() {
        assertThat(oauth.post(
                                "/auth/oauth2/token",
                                withAssertion(assertionFor(TestDeployment.ISSUER + "/oauth2/token")))
                        .status())
                .isEqualTo(200);
        refused(withAssertion(assertionFor("http://localhost:9000/auth")));
    }

    @Test
    void takesAnAssertionOnce() {
        Map<String, String> form = withAssertion(oauth.assertion("demo-service"));

        assertThat(oauth.post("/auth/oauth2/token", form).status()).isEqualTo(200);
        refused(form);
    }

    @Test
    void refusesAnAssertionThatIsOldForgedOrSomebodyElses() {
        Map<String, String> old = withAssertion(oauth.assertion("demo-service"));
        pass(Duration.ofSeconds(91));
        refused(old);
        ClientAssertions forger = new ClientAssertions(
                "demo-service", ClientKey.generate("demo-service-1"), TestDeployment.ISSUER, "x", clock);
        refused(withAssertion(forger.create()));
        Map<String, String> another = new HashMap<>(withAssertion(oauth.assertion("demo-service")));
        another.put("client_id", "gateway");
        refused(another);
        refused(withAssertion("rubbish"));
    }

    @Test
    void refusesSecretsAndClientsThatDoNotExist() {
        refused(Map.of("grant_type", "client_credentials", "client_id", "demo-service", "client_secret", "x"));
        refused(Map.of("grant_type", "client_credentials"));
        refused(Map.of("grant_type", "client_credentials", "client_id", "nobody"));
        refused(Map.of("grant_type", "client_credentials", "client_id", "demo-service"));
        Answer basic = oauth.send(HttpRequest.newBuilder(URI.create(oauth.main("/auth/oauth2/token")))
                .header("Authorization", "Basic ZGVtby1zZXJ2aWNlOng=")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials")));
        assertThat(basic.status()).isEqualTo(401);
    }

    @Test
    void logsOfAMadeUpNameNoMoreThanAClientsNameCouldHold(CapturedOutput log) {
        refused(Map.of("grant_type", "client_credentials", "client_id", "x".repeat(1000)));
        assertThat(oauth.post(
                                "/auth/oauth2/token",
                                Map.of("grant_type", "client_credentials", "client_id", "a\nERROR forged line"))
                        .status())
                .isEqualTo(400);

        assertThat(log.getOut())
                .contains("client '" + "x".repeat(64) + "...'")
                .doesNotContain("x".repeat(65), "forged line");
    }

    @Test
    void keepsEachClientToItsGrants() {
        assertThat(oauth.token("gateway", GRANT).text("error")).isEqualTo("unauthorized_client");
        assertThat(oauth.token("task-service", GRANT).text("error")).isEqualTo("unauthorized_client");
        assertThat(oauth.publicToken(GRANT).text("error")).isEqualTo("unauthorized_client");
        assertThat(oauth.token("demo-service", Map.of("grant_type", "password")).text("error"))
                .isEqualTo("unsupported_grant_type");
        assertThat(oauth.token("demo-service", Map.of()).text("error")).isEqualTo("invalid_request");
    }

    private String assertionFor(String audience) {
        return new ClientAssertions("demo-service", deployment.key("demo-service"), audience, "x", clock).create();
    }

    private static Map<String, String> withAssertion(String assertion) {
        return Map.of(
                "grant_type", "client_credentials",
                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion", assertion);
    }

    private void refused(Map<String, String> form) {
        Answer answer = oauth.post("/auth/oauth2/token", form);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text("error")).isEqualTo("invalid_client");
        assertThat(answer.header("WWW-Authenticate")).isNotEmpty();
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }
}
