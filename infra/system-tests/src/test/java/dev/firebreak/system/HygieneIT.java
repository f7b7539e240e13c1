package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.RawHttp;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.WithStack;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may pass the gateway and what may not: paths, headers, the internal face. */
@WithStack
class HygieneIT {
    private final SystemStack stack;

    HygieneIT(SystemStack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/internal/v1/trust",
                "/auth/internal/v1/ops/users",
                "/auth/internal",
                "/auth/actuator/health",
                "/auth/livez",
                "/auth/api/v1/account",
                "/actuator",
                "/actuator/prometheus",
                "/api/v2/tasks",
                "/api/v1/unknown",
                "/auth/unknown",
                "/unknown"
            })
    void routesNothingThatIsNotOnTheList(String path) {
        String assertion = stack.users().assertion("operator-cli");

        Answer refused = stack.api(assertion).get(path);

        assertThat(refused.status()).as(refused::toString).isIn(401, 404);
        stack.browser().fetch("GET", path, null).expectProblem(404, "request.unknown_path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/login/..%2Finternal/v1/trust",
                "/auth/login%2F..%2Finternal/v1/trust",
                "/auth/%2e%2e/auth/internal/v1/trust",
                "/auth/login/../internal/v1/trust",
                "/auth/login/./../internal/v1/trust",
                "/auth/login;x=1/internal",
                "/auth/internal;/v1/trust",
                "/auth/login%5c..%5cinternal/v1/trust",
                "/auth/login/%2e%2e/internal/v1/trust",
                "/auth/login/.%2e/internal/v1/trust",
                "/auth//internal/v1/trust",
                "//auth/internal/v1/trust",
                "/auth/login%252f..%252finternal/v1/trust",
                "/api/v1/tasks%00",
                "/api/v1/tasks%2F..%2F..%2Finternal"
            })
    void refusesPathsThatTwoReadersCouldReadDifferently(String path) {
        RawHttp.RawAnswer refused = RawHttp.send(
                stack.origin().getPort(),
                "GET " + path + " HTTP/1.1",
                List.of("Authorization: Bearer " + stack.users().assertion("operator-cli")));

        assertThat(refused.status()).as(refused.text()).isIn(400, 404);
        assertThat(refused.text()).doesNotContain("\"epoch\"").doesNotContain("\"keys\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/login%2Fx", "/auth/login;x=1", "/auth/login/../login", "/auth/login/%2e%2e/login"})
    void saysBadRequestToEncodedSlashesParametersAndDots(String path) {
        assertThat(RawHttp.send(stack.origin().getPort(), "GET " + path + " HTTP/1.1", List.of())
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/internal/v1/trust", "/auth/internal/v1/ops/users", "/auth/internal/v1/trust/"})
    void answersTheInternalFaceOnItsOwnPortOnly(String path) {
        String assertion = stack.users().assertion("gateway");

        Answer onPublicPort = new ApiClient(stack.direct(Part.AUTH_SERVER), assertion).get(path);

        assertThat(onPublicPort.status()).as(onPublicPort::toString).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/login", "/auth/oauth2/jwks", "/auth/.well-known/openid-configuration", "/livez"})
    void answersNothingElseOnTheInternalPort(String path) {
        Answer answer = new ApiClient(internal(), null).get(path);

        assertThat(answer.status()).as(answer::toString).isIn(401, 404);
    }

    @Test
    void asksAnAssertionOfEveryInternalCaller() {
        ApiClient nobody = new ApiClient(internal(), null);
        ApiClient person = new ApiClient(internal(), stack.users().bearer(Person.ALICE));

        assertThat(nobody.get("/auth/internal/v1/trust").status()).isEqualTo(401);
        assertThat(person.get("/auth/internal/v1/trust").status()).isEqualTo(401);
        assertThat(stack.users()
                        .internal("task-service", "GET", "/ops/users", null)
                        .status())
                .as("its policy names trust only")
                .isEqualTo(403);
    }

    @Test
    void takesAClientAssertionOnce() {
        ApiClient once = new ApiClient(internal(), stack.users().assertion("gateway"));

        once.get("/auth/internal/v1/trust").expect(200);

        assertThat(once.get("/auth/internal/v1/trust").status()).as("replayed").isEqualTo(401);
        // Whoever asks the feed is a verifier from then on, and rotations would wait for this one.
        stack.users().internal("gateway", "DELETE", "/trust/verifier", null).expect(204);
    }

    @Test
    void buildsNoAddressFromForgedForwardedHeaders() {
        Map<String, String> forged = Map.of(
                "X-Forwarded-Host", "evil.example",
                "X-Forwarded-Proto", "https",
                "X-Forwarded-Port", "443",
                "X-Forwarded-Prefix", "/evil",
                "Forwarded", "host=evil.example;proto=https");
        Browser browser = stack.browser();

        Answer discovery = browser.fetch("GET", "/auth/.well-known/openid-configuration", null, forged)
                .expect(200);
        Answer login = browser.raw("GET", "/login?return_to=/", null, navigation(forged))
                .expect(303);
        Answer step = browser.raw("GET", pathOf(login), null, navigation(forged));

        assertThat(discovery.body()).doesNotContain("evil").contains("\"issuer\":\"" + stack.issuer() + "\"");
        assertThat(login.header("location")).doesNotContain("evil");
        assertThat(step.header("location")).doesNotContain("evil");
    }

    @Test
    void buildsNoAddressFromAForgedHost() {
        RawHttp.RawAnswer answer = RawHttp.send(
                stack.origin().getPort(),
                "GET http://evil.example/auth/.well-known/openid-configuration HTTP/1.1",
                List.of());

        assertThat(answer.text()).doesNotContain("evil.example/auth");
    }

    @Test
    void givesNoSessionOfAServletContainer() {
        // Every answer of the suite is held against this (Wire); here the places that would set one.
        Browser browser = stack.browser();

        browser.navigate("/login?return_to=/");
        browser.navigate("/auth/oauth2/authorize?client_id=unknown");
        browser.navigate("/auth/login?error");
        browser.fetch("POST", "/auth/login", null);

        assertThat(browser.cookies().all()).extracting("name").doesNotContain("JSESSIONID", "SESSION");
    }

    @Test
    void keepsPagesOutOfCachesAndFrames() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        for (String path : List.of("/", "/auth/login", "/session")) {
            Answer page = browser.navigateOnce(path);
            assertThat(page.header("x-content-type-options")).as(path).isEqualTo("nosniff");
        }
        Answer form = stack.browser().navigate("/login?return_to=/").expect(200);
        assertThat(form.header("content-security-policy")).contains("frame-ancestors 'none'");
        assertThat(form.header("cache-control")).contains("no-store");
        assertThat(browser.navigateOnce("/").header("content-security-policy")).contains("frame-ancestors 'none'");
        // A list may be kept and revalidated, by this browser alone.
        assertThat(Tasks.of(browser).list().header("cache-control")).containsAnyOf("no-store", "private, no-cache");
    }

    @Test
    void explainsErrorCodesOnAPage() {
        for (String code : List.of("task.not_found", "session.ended", "pool.saturated")) {
            Answer page = stack.browser().navigate("/errors/" + code).expect(200);
            assertThat(page.header("content-type")).startsWith("text/html");
            assertThat(page.body()).contains(code);
        }
        stack.browser().navigate("/errors/no.such.code").expect(404);
    }

    private URI internal() {
        return URI.create("http://127.0.0.1:" + stack.ports().authInternal());
    }

    private static Map<String, String> navigation(Map<String, String> more) {
        Map<String, String> headers = new LinkedHashMap<>(more);
        headers.put("Accept", "text/html");
        headers.put("Sec-Fetch-Mode", "navigate");
        headers.put("Sec-Fetch-Dest", "document");
        return headers;
    }

    private static String pathOf(Answer redirect) {
        return redirect.location().getRawPath() + "?" + redirect.location().getRawQuery();
    }
}
