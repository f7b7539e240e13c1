package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Users;
import dev.firebreak.system.harness.WithStack;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** An operator's order against a user takes effect everywhere, without a look-up per request. */
@WithStack
class DisableUserIT {
    private static final Duration PROMISE = Duration.ofSeconds(5);

    private final SystemStack stack;

    DisableUserIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    void cutsADisabledUserOffWithinFiveSeconds() {
        Person person = stack.users().create();
        Browser browser = stack.users().signedIn(person);
        Users.Tokens tokens = stack.users().tokens(person);
        ApiClient atGateway = stack.api(tokens.access());
        ApiClient atService = new ApiClient(stack.direct(Part.TASK_SERVICE), tokens.access());
        Tasks.of(browser).list().expect(200);
        atService.get(Tasks.PATH).expect(200);

        long ordered = System.nanoTime();
        order(person, "disable");

        Answer session =
                cutOff("cookie at the gateway", ordered, () -> Tasks.of(browser).list());
        Answer bearer = cutOff("bearer at the gateway", ordered, () -> atGateway.get(Tasks.PATH));
        Answer direct = cutOff("bearer at the task service", ordered, () -> atService.get(Tasks.PATH));
        session.expectProblem(401, "session.ended");
        bearer.expectProblem(401, "auth.token_revoked");
        direct.expectProblem(401, "auth.token_revoked");
    }

    @Test
    void givesADisabledUserNothingNew() {
        Person person = stack.users().create();
        Users.Tokens tokens = stack.users().tokens(person);
        order(person, "disable");

        Answer refresh = stack.users()
                .token(Map.of(
                        "grant_type", "refresh_token",
                        "client_id", "firebreak-cli",
                        "refresh_token", tokens.refresh()));
        Browser browser = stack.browser();
        Answer page = stack.users().fillIn(browser, browser.navigate("/login?return_to=/"), person);

        assertThat(refresh.expect(400).json().path("error").asString()).isEqualTo("invalid_grant");
        assertThat(page.uri().getPath()).isEqualTo("/auth/login");
        assertThat(page.body()).contains("role=\"alert\"");
        assertThat(browser.cookies().find("firebreak-sso")).isEmpty();
    }

    @Test
    void letsAnEnabledUserInAgain() {
        Person person = stack.users().create();
        order(person, "disable");
        order(person, "enable");

        // Not in the same second: what was issued before the order stays revoked, and tokens know whole seconds.
        stack.clock().advance(Duration.ofSeconds(1));
        Await.until(
                "signed in again",
                PROMISE,
                () -> {
                    Browser browser = stack.users().signedIn(person);
                    return Tasks.of(browser).list();
                },
                answer -> answer.status() == 200);
    }

    private void order(Person person, String verb) {
        String id = URLEncoder.encode(person.email(), StandardCharsets.UTF_8);
        stack.users().ops("POST", "/ops/users/" + id + "/" + verb, "").expect(200);
    }

    private static Answer cutOff(String where, long ordered, Supplier<Answer> call) {
        Answer answer = Await.until("cut off: " + where, PROMISE, call, a -> a.status() == 401);
        Figures.record("Revocation latency", where, Duration.ofNanos(System.nanoTime() - ordered));
        return answer;
    }
}
