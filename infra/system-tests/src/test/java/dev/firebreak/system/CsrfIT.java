package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.RawHttp;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.WithStack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cross-site rule, exactly where the gateway turns a cookie into a bearer token (contracts, "CSRF"). */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CsrfIT {
    private static final String OWN = "own";

    private final SystemStack stack;
    private final Browser browser;

    CsrfIT(SystemStack stack) {
        this.stack = stack;
        this.browser = stack.users().signedIn(Person.ALICE);
    }

    /** Origin, Sec-Fetch-Site, X-Firebreak, whether the request may pass. */
    static Stream<Arguments> matrix() {
        return Stream.of(
                Arguments.of(OWN, "same-origin", "1", true),
                Arguments.of(OWN, null, "1", true),
                Arguments.of(null, "same-origin", "1", true),
                Arguments.of(OWN, "same-origin", null, false),
                Arguments.of(OWN, "same-origin", "0", false),
                Arguments.of(null, null, "1", false),
                Arguments.of(null, null, null, false),
                Arguments.of("https://evil.example", null, "1", false),
                Arguments.of("https://evil.example", "cross-site", "1", false),
                Arguments.of("http://localhost", null, "1", false),
                Arguments.of("null", null, "1", false),
                Arguments.of(null, "same-site", "1", false),
                Arguments.of(null, "cross-site", "1", false),
                Arguments.of(null, "none", "1", false));
    }

    @ParameterizedTest(name = "Origin {0}, Sec-Fetch-Site {1}, X-Firebreak {2}: {3}")
    @MethodSource("matrix")
    void letsPassOnlyWhatThisOriginsScriptsSend(String origin, String site, String header, boolean passes) {
        Map<String, String> headers = headers(origin, site, header);
        headers.put("Content-Type", "application/json");

        Answer answer = browser.raw("POST", Tasks.PATH, "{\"title\":\"csrf\"}", headers);

        if (passes) {
            answer.expect(201);
        } else {
            answer.expectProblem(403, "csrf.refused");
        }
        assertThat(answer.setCookies())
                .as("a refusal is no verdict on the session")
                .isEmpty();
    }

    @ParameterizedTest(name = "Origin {0}, Sec-Fetch-Site {1}, X-Firebreak {2}: {3}")
    @MethodSource("matrix")
    void readsNeedNoProof(String origin, String site, String header, boolean passes) {
        browser.raw("GET", Tasks.PATH, null, headers(origin, site, header)).expect(200);
    }

    @Test
    void coversEveryUnsafeMethod() {
        String id = Tasks.of(browser).added();
        String etag = Tasks.of(browser).read(id).header("etag");
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Origin", "https://evil.example", "If-Match", etag));

        browser.raw("PATCH", Tasks.PATH + "/" + id, "{}", headers).expectProblem(403, "csrf.refused");
        browser.raw("PUT", Tasks.PATH + "/" + id + "/completion", null, headers).expectProblem(403, "csrf.refused");
        browser.raw("DELETE", Tasks.PATH + "/" + id, null, headers).expectProblem(403, "csrf.refused");

        assertThat(Tasks.of(browser).read(id).header("etag")).as("untouched").isEqualTo(etag);
    }

    @Test
    void coversEveryUpgrade() {
        String cookie = browser.cookies()
                .header(stack.origin().resolve("/api/v1/tasks"))
                .orElseThrow();

        List<String> foreign = upgrade(cookie);
        foreign.add("Origin: https://evil.example");

        assertThat(upgradeAnswer(foreign).text()).contains("csrf.refused");
        assertThat(upgradeAnswer(upgrade(cookie)).text()).as("no proof at all").contains("csrf.refused");
    }

    @Test
    void leavesBearerRequestsAlone() {
        String token = stack.users().bearer(Person.ALICE);

        Answer created = stack.api(token)
                .send("POST", Tasks.PATH, "{\"title\":\"by a program\"}", Map.of("Origin", "https://other.example"));

        created.expect(201);
    }

    @Test
    void ignoresTheCookieOfABearerRequest() {
        Map<String, String> headers = new LinkedHashMap<>(Map.of("Authorization", "Bearer not-a-token"));

        Answer refused = browser.raw("GET", Tasks.PATH, null, headers);

        refused.expectProblem(401, "auth.token_malformed");
        assertThat(refused.setCookies())
                .as("a bad bearer token is no verdict on the session")
                .isEmpty();
        browser.fetch("GET", "/session", null).expect(200);
    }

    @Test
    void coversLogout() {
        Browser other = stack.users().signedIn(Person.ALICE);

        Answer refused = other.raw("POST", "/logout", null, Map.of("Origin", "https://evil.example"));

        assertThat(refused.status()).isEqualTo(403);
        other.fetch("GET", "/session", null).expect(200);
    }

    private RawHttp.RawAnswer upgradeAnswer(List<String> headers) {
        RawHttp.RawAnswer answer = RawHttp.send(stack.origin().getPort(), "GET " + Tasks.PATH + " HTTP/1.1", headers);
        assertThat(answer.status()).isEqualTo(403);
        return answer;
    }

    private static List<String> upgrade(String cookie) {
        return new ArrayList<>(List.of(
                "Cookie: " + cookie,
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="));
    }

    private Map<String, String> headers(String origin, String site, String header) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (origin != null) {
            headers.put("Origin", OWN.equals(origin) ? stack.origin().toString() : origin);
        }
        if (site != null) {
            headers.put("Sec-Fetch-Site", site);
        }
        if (header != null) {
            headers.put("X-Firebreak", header);
        }
        return headers;
    }
}
