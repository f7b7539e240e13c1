package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.HtmlForm;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process may go at any moment, in good order or not: what a browser holds is worth the same afterwards. */
@WithStack
@Timeout(240)
class RestartIT {
    /** How a process ends. */
    enum End {
        STOPPED {
            @Override
            void end(SystemStack stack, Part part) {
                stack.stop(part);
            }
        },
        KILLED {
            @Override
            void end(SystemStack stack, Part part) {
                stack.kill(part);
            }
        };

        abstract void end(SystemStack stack, Part part);
    }

    private final SystemStack stack;

    RestartIT(SystemStack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @EnumSource
    void ofTheAuthServerLosesNoSession(End how) {
        Browser browser = stack.users().signedIn(Person.ALICE);
        String token = stack.users().bearer(Person.ALICE);
        Browser midway = stack.browser();
        Answer form = midway.navigate("/login?return_to=/");

        how.end(stack, Part.AUTH_SERVER);
        Tasks.of(browser).list().expect(200);
        stack.api(token).get(Tasks.PATH).expect(200);
        Duration start = stack.startAndAwait(Part.AUTH_SERVER);

        Figures.record("Restart", "auth-server, " + how + ", until ready", start);
        assertRenews(browser);
        stack.api(token).get(Tasks.PATH).expect(200);
        assertThat(stack.users().fillIn(midway, form, Person.BOB).uri().getPath())
                .as("a sign-in that was under way goes on")
                .isEqualTo("/");
        browser.cookies().remove("firebreak-" + stack.origin().getPort());
        assertThat(browser.navigate("/login?return_to=/").uri().getPath())
                .as("the SSO session lives on")
                .isEqualTo("/");
    }

    @ParameterizedTest
    @EnumSource
    void ofTheGatewayLosesNoSession(End how) {
        Browser browser = stack.users().signedIn(Person.ALICE);
        Browser midway = stack.browser();
        Answer form = midway.navigate("/login?return_to=/");
        HtmlForm filled = HtmlForm.withField(form, "password")
                .with("username", Person.BOB.email())
                .with("password", Person.BOB.password());

        how.end(stack, Part.GATEWAY);
        Duration start = stack.startAndAwait(Part.GATEWAY);

        Figures.record("Restart", "gateway, " + how + ", until ready", start);
        browser.fetch("GET", "/session", null).expect(200);
        Tasks.of(browser).list().expect(200);
        assertRenews(browser);
        assertThat(midway.submit(filled).uri().getPath())
                .as("a sign-in that was under way goes on")
                .isEqualTo("/");
    }

    @Test
    void ofTheTaskServiceIsABriefServiceUnavailable() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        stack.kill(Part.TASK_SERVICE);
        Tasks.of(browser).list().expectProblem(503, "service.upstream_unavailable");
        browser.fetch("GET", "/session", null).expect(200);
        stack.startAndAwait(Part.TASK_SERVICE);

        Tasks.of(browser).list().expect(200);
    }

    @Test
    void ofTheGatewayNeedsNoAuthServer() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        stack.stop(Part.GATEWAY);
        stack.stop(Part.AUTH_SERVER);
        stack.startAndAwait(Part.GATEWAY);

        browser.fetch("GET", "/session", null).expect(200);
        Tasks.of(browser).list().expect(200);
    }

    @Test
    void servicesStartWithTheirDatabaseDownAndRecoverByThemselves() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        stack.stop(Part.AUTH_SERVER);
        stack.stop(Part.TASK_SERVICE);
        stack.stop(Part.AUTH_DB);
        stack.stop(Part.TASKS_DB);

        stack.start(Part.AUTH_SERVER);
        stack.start(Part.TASK_SERVICE);
        for (Part part : new Part[] {Part.AUTH_SERVER, Part.TASK_SERVICE}) {
            ApiClient anybody = new ApiClient(stack.direct(part), null);
            Await.until(part + " lives", Duration.ofSeconds(120), () -> anybody.get("/livez"), a -> a.status() == 200);
            Answer ready = anybody.get("/readyz");
            assertThat(ready.status()).as(ready::toString).isEqualTo(503);
            assertThat(ready.json().path("status").asString()).isEqualTo("down");
            assertThat(ready.json().path("reasons")).isNotEmpty();
        }
        Answer refused = Tasks.of(browser).list();
        assertThat(refused.status()).as(refused::toString).isEqualTo(503);

        long start = System.nanoTime();
        stack.start(Part.AUTH_DB);
        stack.start(Part.TASKS_DB);
        stack.awaitReady(Part.AUTH_SERVER);
        stack.awaitReady(Part.TASK_SERVICE);

        Figures.record(
                "Restart",
                "services that started without databases, until ready once these are back",
                Duration.ofNanos(System.nanoTime() - start));
        Await.until(
                "tasks again", Duration.ofSeconds(10), () -> Tasks.of(browser).list(), a -> a.status() == 200);
        Await.until(
                "sign-in again", Duration.ofSeconds(30), () -> stack.users().signedIn(Person.BOB), signedIn -> true);
    }

    /** Six minutes on, the gateway asks for a new access token and gets one. */
    private void assertRenews(Browser browser) {
        String name = "firebreak-" + stack.origin().getPort();
        String before = browser.cookies().find(name).orElseThrow().value();
        stack.clock().advance(Duration.ofMinutes(6));

        Await.until(
                "renewed",
                Duration.ofSeconds(15),
                () -> browser.fetch("GET", "/session", null).expect(200),
                session -> session.json().path("renewal").asString().equals("ok")
                        && !browser.cookies().find(name).orElseThrow().value().equals(before));
        Tasks.of(browser).list().expect(200);
    }
}
