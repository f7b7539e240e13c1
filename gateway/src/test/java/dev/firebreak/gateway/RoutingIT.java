package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Call;
import dev.firebreak.gateway.FakeService.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoutingIT extends SharedGatewayIT {
    String token() {
        return gateway.issuer().accessToken();
    }

    Client bearer() {
        return gateway.client().bearer(token());
    }

    @Test
    void sendsTheTaskApiToTheTaskServiceWithItsQueryUntouched() {
        Answer answer = bearer().get("/api/v1/tasks?after=a%2Fb%3D&limit=5&q=caf%C3%A9+x");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"items\":[]}");
        assertThat(gateway.tasks().lastCall().path()).isEqualTo("/api/v1/tasks?after=a%2Fb%3D&limit=5&q=caf%C3%A9+x");
    }

    @Test
    void sendsBodiesAndMethodsAsTheyAre() {
        gateway.tasks()
                .behave(call -> Reply.json(201, call.body())
                        .with("Location", "/api/v1/tasks/1")
                        .with("ETag", "\"1\""));

        Answer answer = bearer().header("Content-Type", "application/json")
                .header("If-Match", "\"7\"")
                .send("PUT", "/api/v1/tasks/1", "{\"title\":\"Milk\"}");

        Call call = gateway.tasks().lastCall();
        assertThat(call.method()).isEqualTo("PUT");
        assertThat(call.body()).isEqualTo("{\"title\":\"Milk\"}");
        assertThat(call.header("If-Match")).isEqualTo("\"7\"");
        assertThat(call.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo("{\"title\":\"Milk\"}");
        assertThat(answer.header("Location")).isEqualTo("/api/v1/tasks/1");
        assertThat(answer.header("ETag")).isEqualTo("\"1\"");
    }

    @Test
    void rewritesTheAccountApiToTheAuthorizationServer() {
        bearer().get("/api/v1/account/sessions?x=1");

        Call call = gateway.auth().face().lastCall();
        assertThat(call.path()).isEqualTo("/auth/api/v1/account/sessions?x=1");
        assertThat(call.header("Authorization")).startsWith("Bearer ");
    }

    @Test
    void demandsATokenForTheAccountApiToo() {
        assertThat(gateway.client().get("/api/v1/account").status()).isEqualTo(401);
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/internal/v1/trust",
                "/auth/api/v1/account",
                "/auth/livez",
                "/auth/actuator/health",
                "/auth",
                "/actuator/prometheus",
                "/api/v1/ops/pools/task-service",
                "/api/v1/unknown",
                "/unknown"
            })
    void reachesNothingElse(String path) {
        Answer answer = bearer().get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo("request.unknown_path");
        assertThat(gateway.auth().face().calls()).isEmpty();
        assertThat(gateway.auth().internal().calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/login/..%2Finternal/v1/trust",
                "/auth/login/../internal/v1/trust",
                "/auth/login;x=1",
                "/auth/login%5c..%5cinternal",
                "/auth//internal/v1/trust",
                "//auth/login",
                "/auth/login%252f..",
                "/api/v1/tasks%00"
            })
    void refusesAmbiguousPathsBeforeRouting(String path) {
        String answer = RawHttp.get(gateway.port(), path, "");

        assertThat(RawHttp.status(answer)).isEqualTo(400);
        assertThat(answer).contains("application/problem+json", "request.malformed");
        assertThat(gateway.auth().face().calls()).isEmpty();
        assertThat(gateway.tasks().calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth\\login", "/auth/login\u0001", "/auth/lo gin", "/auth/<login>", "/auth/login%zz"})
    void refusesPathsThatAreNoUrls(String path) {
        String answer = RawHttp.get(gateway.port(), path, "");

        assertThat(RawHttp.status(answer)).isBetween(400, 499);
        assertThat(gateway.auth().face().calls()).isEmpty();
    }

    @Test
    void takesThePathOfAnAbsoluteTarget() {
        assertThat(RawHttp.get(gateway.port(), "http://evil.example/auth/internal/v1/trust", ""))
                .startsWith("HTTP/1.1 404");
    }

    @Test
    void letsNoClientSayWhoOrWhereItIs() {
        bearer().header("X-Forwarded-For", "203.0.113.9")
                .header("X-Forwarded-Host", "evil.example")
                .header("X-Forwarded-Proto", "https")
                .header("X-Forwarded-Prefix", "/evil")
                .header("Forwarded", "for=203.0.113.9")
                .header("X-Real-IP", "203.0.113.9")
                .header("Firebreak-Client-Address", "203.0.113.9")
                .header("Firebreak-Timeout-Ms", "99999")
                .header("Firebreak-User", "root")
                .header("X-HTTP-Method-Override", "DELETE")
                .header("X-Original-URL", "/admin")
                .header("X-Firebreak", "1")
                .header("X-Own", "kept")
                .get("/api/v1/tasks");

        Call call = gateway.tasks().lastCall();
        assertThat(call.header("Firebreak-Client-Address")).isEqualTo("127.0.0.1");
        assertThat(Long.parseLong(call.header("Firebreak-Timeout-Ms"))).isBetween(1L, 5000L);
        assertThat(call.header("X-Own")).isEqualTo("kept");
        assertThat(call.headers().keySet().toString().toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("forwarded", "real-ip", "firebreak-user", "override", "original", "x-firebreak");
        assertThat(call.headers().toString()).doesNotContain("203.0.113.9", "evil");
    }

    @Test
    void keepsHopByHopHeadersOnTheirHop() {
        String answer = RawHttp.get(
                gateway.port(),
                "/api/v1/tasks",
                "Authorization: Bearer " + token() + "\r\nX-Hop: 1\r\nTE: trailers\r\nKeep-Alive: 5\r\n"
                        + "Proxy-Connection: x\r\nConnection: X-Hop, Firebreak-Client-Address, Authorization\r\n");

        Call call = gateway.tasks().lastCall();
        assertThat(RawHttp.status(answer)).isEqualTo(200);
        assertThat(call.headers()).doesNotContainKeys("X-Hop", "TE", "Keep-Alive", "Proxy-Connection");
        assertThat(call.header("Firebreak-Client-Address")).isEqualTo("127.0.0.1");
        assertThat(call.header("Authorization")).startsWith("Bearer ");
    }

    @Test
    void givesNoCookieToTheTaskServiceAndTakesNone() {
        gateway.tasks()
                .behave(call -> Reply.json(200, "{}")
                        .with("Set-Cookie", "evil=1; Path=/", "firebreak-8080=forged; Path=/")
                        .with("X-Powered-By", "x")
                        .with("Firebreak-Internal", "x"));

        Answer answer = gateway.browser()
                .cookie("other", "1")
                .cookie("firebreak-sso", "s")
                .get("/api/v1/tasks");

        assertThat(gateway.tasks().lastCall().header("Cookie")).isNull();
        assertThat(gateway.tasks().lastCall().header("Authorization")).startsWith("Bearer ");
        assertThat(answer.headers()).doesNotContainKeys("set-cookie", "x-powered-by", "firebreak-internal", "server");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void givesTheAuthorizationServerItsOwnCookiesAndNothingElse() {
        gateway.auth()
                .face()
                .behave(call -> Reply.of(200, "text/html", "<html>")
                        .with(
                                "Set-Cookie",
                                "firebreak-signin=x; Path=/auth; HttpOnly",
                                "firebreak-8080=forged",
                                "other=1"));

        Answer answer = gateway.browser()
                .cookie("firebreak-sso", "sso")
                .cookie("firebreak-signin", "signin")
                .cookie("other", "1")
                .get("/auth/login");

        Call call = gateway.auth().face().lastCall();
        assertThat(call.header("Cookie").split("; "))
                .containsExactlyInAnyOrder("firebreak-sso=sso", "firebreak-signin=signin");
        assertThat(call.header("Authorization")).isNull();
        assertThat(answer.headers().get("set-cookie")).containsExactly("firebreak-signin=x; Path=/auth; HttpOnly");
    }

    @Test
    void leavesTheAuthorizationHeaderToOauthClients() {
        gateway.client().header("Authorization", "Basic YTpi").send("POST", "/auth/oauth2/revoke", "token=x");

        assertThat(gateway.auth().face().lastCall().header("Authorization")).isEqualTo("Basic YTpi");
    }

    @Test
    void continuesTheCallersTrace() {
        String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";

        bearer().header("traceparent", "00-" + traceId + "-00f067aa0ba902b7-01").get("/api/v1/tasks");
        String continued = gateway.tasks().lastCall().header("traceparent");
        bearer().get("/api/v1/tasks");
        String started = gateway.tasks().lastCall().header("traceparent");

        assertThat(continued).matches("00-" + traceId + "-[0-9a-f]{16}-01").doesNotContain("00f067aa0ba902b7");
        assertThat(started).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01").doesNotContain(traceId);
    }

    @Test
    void refusesBodiesThatAreTooLarge() {
        String large = "x".repeat(1024 * 1024 + 1);

        Answer declared = bearer().send("POST", "/api/v1/tasks", large);
        Answer form = gateway.client().send("POST", "/auth/login", "x".repeat(64 * 1024 + 1));

        assertThat(declared.status()).isEqualTo(413);
        assertThat(declared.code()).isEqualTo("request.too_large");
        assertThat(form.status()).isEqualTo(413);
        assertThat(gateway.tasks().calls()).isEmpty();
    }

    @Test
    void refusesBodiesThatGrowTooLargeWithoutSayingSo() {
        byte[] part = new byte[64 * 1024];
        var request = java.net.http.HttpRequest.newBuilder(gateway.url().resolve("/api/v1/tasks"))
                .header("Authorization", "Bearer " + token())
                .POST(BodyPublishers.ofByteArrays(java.util.Collections.nCopies(40, part)))
                .build();

        Answer answer = gateway.client().send(request);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.code()).isEqualTo("request.too_large");
    }

    @Test
    void passesLargeAnswersAndChunkedBodies() {
        String large = "y".repeat(3_000_000);
        gateway.tasks().behave(call -> Reply.json(200, call.method().equals("GET") ? large : call.body()));
        var chunked = java.net.http.HttpRequest.newBuilder(gateway.url().resolve("/api/v1/tasks"))
                .header("Authorization", "Bearer " + token())
                .POST(BodyPublishers.ofByteArrays(
                        List.of("ab".getBytes(StandardCharsets.UTF_8), "cd".getBytes(StandardCharsets.UTF_8))))
                .build();

        assertThat(bearer().get("/api/v1/tasks").body()).isEqualTo(large);
        assertThat(gateway.client().send(chunked).body()).isEqualTo("abcd");
    }

    @Test
    void refusesMethodsThatProxiesShouldNot() {
        assertThat(RawHttp.send(gateway.port(), "TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 405");
    }

    @Test
    void answersHeadWithoutABody() {
        Answer answer = bearer().send("HEAD", "/api/v1/tasks", null);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(gateway.client().send("HEAD", "/api/v1/tasks", null).status())
                .isEqualTo(401);
    }

    @Test
    void answersProbesAndMetricsEachOnItsPort() {
        Answer live = gateway.client().get("/livez");
        Answer ready = gateway.client().get("/readyz");
        String metrics = RawHttp.get(gateway.managementPort(), "/actuator/prometheus", "");
        String tasksOnManagement =
                RawHttp.get(gateway.managementPort(), "/api/v1/tasks", "Authorization: Bearer " + token() + "\r\n");

        assertThat(live.json()).isEqualTo(Map.of("status", "ok", "reasons", List.of()));
        assertThat(ready.json()).isEqualTo(Map.of("status", "ok", "reasons", List.of()));
        assertThat(metrics)
                .startsWith("HTTP/1.1 200")
                .contains(
                        "gateway_trust_age_seconds",
                        "gateway_renewals_total",
                        "gateway_cookie_ring_key",
                        "gateway_requests_in_flight",
                        "session_outage_budget_seconds",
                        "gateway_logout_waiting",
                        "reactor_netty_connection_provider");
        assertThat(RawHttp.status(tasksOnManagement)).isEqualTo(404);
        assertThat(gateway.tasks().calls()).isEmpty();
    }

    @Test
    void isReadyAsLongAsItEverHadTrustData() {
        gateway.issuer().freeze();
        gateway.clock().advance(java.time.Duration.ofMinutes(5));
        gateway.auth().face().stop();
        gateway.tasks().stop();

        Answer stale = gateway.client().get("/readyz");
        gateway.issuer().loseTrust();
        Answer none = gateway.client().get("/readyz");

        assertThat(stale.status()).isEqualTo(200);
        assertThat(stale.json()).isEqualTo(Map.of("status", "degraded", "reasons", List.of("trust.stale")));
        assertThat(none.status()).isEqualTo(503);
        assertThat(gateway.client().get("/livez").status()).isEqualTo(200);
    }
}
