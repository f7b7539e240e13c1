package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.RecordingUpstream;
import dev.firebreak.system.harness.RecordingUpstream.Seen;
import dev.firebreak.system.harness.SecondGateway;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Wire;
import dev.firebreak.system.harness.WithStack;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What reaches a service behind the gateway: seen by recorders that stand in the services' place behind a second node. */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UpstreamHeadersIT {
    private static final Map<String, String> FORGED = Map.of(
            "Firebreak-Client-Address", "203.0.113.9",
            "Firebreak-User", "root",
            "X-Forwarded-For", "203.0.113.9",
            "X-Forwarded-Host", "evil.example",
            "X-Forwarded-Proto", "https",
            "Forwarded", "for=203.0.113.9",
            "X-Real-IP", "203.0.113.9",
            "X-Forwarded-User", "root");

    private final SystemStack stack;
    private RecordingUpstream tasks;
    private RecordingUpstream auth;
    private SecondGateway gateway;

    UpstreamHeadersIT(SystemStack stack) {
        this.stack = stack;
    }

    @BeforeAll
    void start() {
        tasks = new RecordingUpstream();
        auth = new RecordingUpstream();
        gateway = new SecondGateway(
                stack,
                Map.of(
                        "gateway.tasks-upstream",
                        tasks.uri().toString(),
                        "gateway.auth-upstream",
                        auth.uri().toString()));
    }

    @AfterAll
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
        tasks.close();
        auth.close();
    }

    @Test
    void passesNoCookieToAResourceService() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        Answer answer = send(Tasks.PATH, Map.of("Cookie", cookies(browser, Tasks.PATH) + "; theme=dark"));

        answer.expect(200);
        Seen seen = tasks.take();
        assertThat(seen.headers()).doesNotContainKey("Cookie");
        assertThat(seen.headers().get("Authorization"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("Bearer eyJ");
        assertThat(answer.setCookies())
                .as("an upstream sets no cookie")
                .noneMatch(c -> c.startsWith(RecordingUpstream.COOKIE));
    }

    @Test
    void passesTheAuthServerItsOwnCookiesOnly() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        send("/auth/login", Map.of("Cookie", cookies(browser, "/auth/login") + "; theme=dark"));

        Seen seen = auth.take();
        assertThat(seen.headers().get("Cookie")).hasSize(1);
        assertThat(seen.headers().get("Cookie").getFirst())
                .contains("firebreak-sso=")
                .doesNotContain("firebreak-" + stack.origin().getPort())
                .doesNotContain("theme");
        assertThat(seen.headers()).as("no token on /auth").doesNotContainKey("Authorization");
    }

    @Test
    void stripsForgedIdentityAndForwardingHeaders() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        Map<String, String> headers = new LinkedHashMap<>(FORGED);
        headers.put("Cookie", cookies(browser, Tasks.PATH));

        send(Tasks.PATH, headers).expect(200);

        assertNothingForged(tasks.take());
    }

    @Test
    void tellsTheAuthServerTheRealClientAddressOnly() {
        send("/auth/login", FORGED);

        Seen seen = auth.take();
        assertNothingForged(seen);
        assertThat(seen.headers().get("Firebreak-Client-Address")).containsExactly("127.0.0.1");
    }

    @Test
    void sendsNothingOnForARefusedRequest() {
        send(Tasks.PATH, Map.of("Authorization", "Bearer nonsense")).expect(401);
        send("/auth/internal/v1/trust", Map.of()).expect(404);

        assertThat(tasks.waiting()).isZero();
        assertThat(auth.waiting()).isZero();
    }

    @Test
    void tellsTheServiceHowLongTheCallerWaits() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        send(Tasks.PATH, Map.of("Cookie", cookies(browser, Tasks.PATH))).expect(200);

        assertThat(tasks.take().headers().get("Firebreak-Timeout-Ms"))
                .hasSize(1)
                .first()
                .asString()
                .matches("[1-9]\\d{2,4}");
    }

    private static void assertNothingForged(Seen seen) {
        assertThat(seen.headers().toString())
                .doesNotContain("203.0.113.9")
                .doesNotContain("evil.example")
                .doesNotContain("root");
    }

    private Answer send(String path, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Sec-Fetch-Site", "same-origin");
        return Wire.send("GET", gateway.uri().resolve(path), all, null);
    }

    private String cookies(Browser browser, String path) {
        return browser.cookies().header(stack.origin().resolve(path)).orElseThrow();
    }
}
