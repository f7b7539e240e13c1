package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Users;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A service on its own behalf: private_key_jwt, no person, no refresh token. */
@WithStack
class ClientCredentialsIT {
    private final SystemStack stack;

    ClientCredentialsIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    void givesAServiceATokenOfItsOwn() {
        Users.Tokens tokens = stack.users().clientCredentials("demo-service", "tasks:read tasks:write");

        assertThat(tokens.expiresIn()).isEqualTo(Duration.ofMinutes(15));
        assertThat(tokens.refresh()).isEmpty();
        assertThat(tokens.claims())
                .containsEntry("sub", "demo-service")
                .containsEntry("client_id", "demo-service")
                .containsEntry("scope", "tasks:read tasks:write")
                .containsEntry("iss", stack.issuer())
                .doesNotContainKeys("sid", "roles", "email");
        assertThat(audiences(tokens)).containsExactly(stack.origin() + "/api");
    }

    @Test
    void letsAServiceWorkThroughTheGateway() {
        String token = stack.users()
                .clientCredentials("demo-service", "tasks:read tasks:write")
                .access();

        Answer answer = Tasks.of(stack.api(token)).list();

        // Tasks belong to people: a service has a valid token and no tasks, which is no reason for a 401.
        assertThat(answer.outcome()).isIn("200", "403 auth.user_required");
    }

    @Test
    void refusesAnAssertionTwice() {
        Map<String, String> form = form(stack.users().assertion("demo-service"));

        stack.users().token(form).expect(200);
        Answer replay = stack.users().token(form);

        assertThat(replay.status()).isIn(400, 401);
        assertThat(replay.json().path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void refusesAnotherClientsAssertion() {
        Answer refused = stack.users().token(form(stack.users().assertion("task-service")));

        assertThat(refused.status()).isIn(400, 401);
        assertThat(refused.json().path("error").asString()).isEqualTo("invalid_client");
    }

    @Test
    void refusesAScopeTheClientDoesNotHave() {
        Map<String, String> form = form(stack.users().assertion("demo-service"));
        form.put("scope", "keys:manage");

        Answer refused = stack.users().token(form).expect(400);

        assertThat(refused.json().path("error").asString()).isEqualTo("invalid_scope");
    }

    @Test
    void refusesAGrantTheClientDoesNotHave() {
        Map<String, String> form = form(stack.users().assertion("gateway"));
        form.put("client_id", "gateway");

        Answer refused = stack.users().token(form);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").asString()).isEqualTo("unauthorized_client");
    }

    private static Map<String, String> form(String assertion) {
        return new LinkedHashMap<>(Map.of(
                "grant_type", "client_credentials",
                "scope", "tasks:read",
                "client_id", "demo-service",
                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion", assertion));
    }

    private static List<Object> audiences(Users.Tokens tokens) {
        Object audience = tokens.claims().get("aud");
        return audience instanceof List<?> several ? List.copyOf(several) : List.of(audience);
    }
}
