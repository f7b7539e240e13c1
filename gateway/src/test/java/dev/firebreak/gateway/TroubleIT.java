package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Services that are down, slow, hung or talk nonsense. */
class TroubleIT extends SharedGatewayIT {
    Client bearer() {
        return gateway.client().bearer(gateway.issuer().accessToken());
    }

    @Test
    void saysThatAServiceCannotBeReached() {
        gateway.tasks().stop();

        Answer answer = bearer().get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("service.upstream_unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
        assertThat(answer.took()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void saysWithinFiveSecondsThatAServiceDoesNotAnswer() {
        gateway.tasks().hang();
        Client signedIn = gateway.browser();
        CompletableFuture<Answer> hung = signedIn.getAsync("/api/v1/tasks");

        Answer session = signedIn.get("/session");
        Answer live = gateway.client().get("/livez");
        Answer answer = hung.join();

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("service.upstream_timeout");
        assertThat(answer.took()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
        assertThat(answer.clears(TestGateway.COOKIE)).isFalse();
        assertThat(session.status()).isEqualTo(200);
        assertThat(live.status()).isEqualTo(200);

        gateway.tasks().resume();
        assertThat(signedIn.get("/api/v1/tasks").status()).as("heals by itself").isEqualTo(200);
    }

    @Test
    void waitsForASlowServiceLongerThanASecond() {
        gateway.tasks().behave(call -> {
            Thread.sleep(1500);
            return Reply.json(200, "{\"slow\":true}");
        });

        assertThat(bearer().get("/api/v1/tasks").body()).isEqualTo("{\"slow\":true}");
    }

    @Test
    void noticesAConnectionThatBreaksBeforeTheAnswer() {
        gateway.tasks().behave(call -> {
            throw new IOException("gone");
        });

        Answer answer = bearer().send("POST", "/api/v1/tasks", "{}");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("service.upstream_unavailable");
    }

    @Test
    void passesTheServicesOwnErrorsOnUntouched() {
        gateway.tasks()
                .behave(call -> Reply.of(
                                503, "application/problem+json", "{\"code\":\"pool.saturated\",\"status\":503}")
                        .with("Retry-After", "3"));

        Answer answer = bearer().get("/api/v1/tasks");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("pool.saturated");
        assertThat(answer.header("Retry-After")).isEqualTo("3");
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    @Test
    void speaksOauthToOauthClients() {
        gateway.auth().face().stop();

        Answer away = gateway.client().send("POST", "/auth/oauth2/token", "grant_type=client_credentials");
        Answer page = gateway.client().navigating().get("/auth/oauth2/authorize?client_id=x");
        Answer login = gateway.client().get("/auth/login");

        assertThat(away.status()).isEqualTo(503);
        assertThat(away.header("Content-Type")).startsWith("application/json");
        assertThat(away.json())
                .containsEntry("error", "temporarily_unavailable")
                .containsKey("error_description");
        assertThat(away.header("Retry-After")).matches("[1-9]|10");
        assertThat(away.header("Cache-Control")).isEqualTo("no-store");
        assertThat(page.status()).isEqualTo(503);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.body()).contains("service.upstream_unavailable");
        assertThat(login.code()).isEqualTo("service.upstream_unavailable");
    }

    @Test
    void speaksOauthAlsoOfRefusalsOfItsOwn() {
        String malformed = RawHttp.get(gateway.port(), "/auth/oauth2/token;x=1", "");
        Answer large = gateway.client().send("POST", "/auth/oauth2/token", "x".repeat(70_000));

        assertThat(malformed).startsWith("HTTP/1.1 400").contains("\"error\":\"invalid_request\"");
        assertThat(large.status()).isEqualTo(413);
        assertThat(large.json()).containsEntry("error", "invalid_request");
    }

    @Test
    void boundsTheQueueForConnections() {
        try (TestGateway narrow = TestGateway.start(Map.of(
                "gateway.upstream.max-connections", "1",
                "gateway.upstream.max-pending", "1",
                "gateway.upstream.acquire-timeout", "500ms"))) {
            narrow.tasks().hang();
            String token = narrow.issuer().accessToken();

            List<CompletableFuture<Answer>> calls = IntStream.range(0, 6)
                    .mapToObj(_ -> narrow.client().bearer(token).getAsync("/api/v1/tasks"))
                    .toList();

            assertThat(calls.stream().map(CompletableFuture::join).toList())
                    .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(503))
                    .extracting(Answer::code)
                    .contains("service.saturated", "service.upstream_timeout");
        }
    }

    @Test
    void boundsTheRequestsInFlightButNotTheProbes() {
        try (TestGateway narrow = TestGateway.start(Map.of("firebreak.overload.max-in-flight", "2"))) {
            narrow.tasks().hang();
            String token = narrow.issuer().accessToken();
            List<CompletableFuture<Answer>> calls = IntStream.range(0, 2)
                    .mapToObj(_ -> narrow.client().bearer(token).getAsync("/api/v1/tasks"))
                    .toList();
            Eventually.holds("both are under way", () -> narrow.tasks().calls().size() == 2);

            Answer third = narrow.client().bearer(token).get("/api/v1/tasks");
            Answer probe = narrow.client().get("/livez");
            narrow.tasks().resume();

            assertThat(third.status()).isEqualTo(503);
            assertThat(third.code()).isEqualTo("service.saturated");
            assertThat(probe.status()).isEqualTo(200);
            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().status()).isEqualTo(200));
            assertThat(narrow.client().bearer(token).get("/api/v1/tasks").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void limitsRatesBySubjectAndByAddress() {
        try (TestGateway strict = TestGateway.start(Map.of(
                "gateway.rate-limit.per-subject", "2",
                "gateway.rate-limit.password-attempts", "1",
                "gateway.rate-limit.login-starts", "1",
                "gateway.rate-limit.token-requests", "1"))) {
            Client alice = strict.client().bearer(strict.issuer().accessTokenOf("alice", "a"));
            Client bob = strict.client().bearer(strict.issuer().accessTokenOf("bob", "b"));
            for (int i = 0; i < 4; i++) {
                assertThat(alice.get("/api/v1/tasks").status()).isEqualTo(200);
            }

            Answer limited = alice.get("/api/v1/tasks");
            assertThat(limited.status()).isEqualTo(429);
            assertThat(limited.code()).isEqualTo("rate.limited");
            assertThat(limited.header("Retry-After")).matches("[1-9]|10");
            assertThat(bob.get("/api/v1/tasks").status()).as("another subject").isEqualTo(200);

            exhaust(() -> strict.client().send("POST", "/auth/login", "username=a"));
            assertThat(strict.client().get("/auth/login").status())
                    .as("looking is free")
                    .isEqualTo(200);
            exhaust(() -> strict.client().get("/login"));
            Answer oauth = exhaust(() -> strict.client()
                    .send(
                            "POST",
                            "/auth/oauth2/token",
                            "grant_type=refresh_token&refresh_token=a.b.c.0.d&client_assertion=x"));
            assertThat(oauth.json()).containsEntry("error", "slow_down");

            strict.clock().advance(Duration.ofSeconds(1));
            assertThat(alice.get("/api/v1/tasks").status()).isEqualTo(200);
            assertThat(strict.client().get("/login").status()).isEqualTo(303);
        }
    }

    /** Ten are let through, the eleventh is not. */
    private static Answer exhaust(java.util.function.Supplier<Answer> request) {
        for (int i = 0; i < 10; i++) {
            assertThat(request.get().status()).isNotEqualTo(429);
        }
        Answer refused = request.get();
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).matches("[1-9]|10");
        return refused;
    }
}
