package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.test.TestIssuer;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;

/** The limit on requests in flight, deadlines, and health that knows neither. */
@StarterTest
class AdmissionIT {
    /** Of 14 in flight the lanes have 4, 6, 2, 1 and 1; strangers may have what the last three have. */
    private static final int LIMIT = 4;

    @LocalServerPort
    int port;

    @Value("${local.management.port}")
    int managementPort;

    @Autowired
    TestIssuer issuer;

    private Http http;

    @BeforeEach
    void client() {
        http = new Http(port);
        TestService.gate = new CountDownLatch(1);
    }

    @AfterEach
    void allEnds() {
        TestService.gate.countDown();
        TestService.REASONS.clear();
    }

    @Test
    void aFullServiceRefusesAtOnceAndBeforeTheBodyIsRead() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> waiting = fill(threads);

            // The body never comes: a service that wanted it would not answer.
            String refused = http.raw("POST /open/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n");
            assertThat(refused)
                    .startsWith("HTTP/1.1 503")
                    .contains("service.saturated")
                    .containsPattern("Retry-After: [1-9]");
            assertThat(http.get("/open/deadline").statusCode()).as("exempt").isEqualTo(200);
            assertThat(http.get("/readyz").statusCode()).isEqualTo(200);
            assertThat(http.get("/api/v1/me", "Authorization", "Bearer " + TestTrust.newUser(issuer))
                            .statusCode())
                    .as("people with a session have places of their own")
                    .isEqualTo(200);
            assertThat(metrics())
                    .contains(
                            "firebreak_requests_in_flight{lane=\"login\"} 4.0",
                            "firebreak_requests_in_flight_max{lane=\"user\"} 6.0");

            TestService.gate.countDown();
            for (Future<HttpResponse<String>> answer : waiting) {
                assertThat(answer.get().statusCode()).isEqualTo(200);
            }
        }
        assertThat(http.get("/open/documented").statusCode()).isEqualTo(404);
        Eventually.within(
                Duration.ofSeconds(5),
                "all given back",
                () -> metrics().contains("firebreak_requests_in_flight{lane=\"login\"} 0.0"));
    }

    @Test
    void aRequestHasTheDeadlineThatItsCallerNames() {
        assertThat(left()).isBetween(3_000L, 5_000L);
        assertThat(left("Firebreak-Timeout-Ms", "1500")).isBetween(1L, 1_500L);
        assertThat(left("Firebreak-Timeout-Ms", "99999999")).isBetween(5_001L, 10_000L);
        assertThat(left("Firebreak-Timeout-Ms", "soon")).isBetween(3_000L, 5_000L);
    }

    @Test
    void healthSaysWhatIsWrong() {
        assertThat(ready()).isEqualTo("200 {\"status\":\"ok\",\"reasons\":[]}");

        TestService.REASONS.add(HealthReason.degraded("demo.slow"));
        assertThat(ready()).isEqualTo("200 {\"status\":\"degraded\",\"reasons\":[\"demo.slow\"]}");

        TestService.REASONS.add(HealthReason.down("demo.accounts"));
        assertThat(ready()).isEqualTo("503 {\"status\":\"down\",\"reasons\":[\"demo.accounts\",\"demo.slow\"]}");
        assertThat(http.get("/livez").statusCode()).isEqualTo(200);
        assertThat(metrics()).contains("firebreak_readiness 2.0");
    }

    @Test
    void healthIsReadOnly() {
        HttpResponse<String> head = http.send("HEAD", "/livez", BodyPublishers.noBody());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(http.send("POST", "/readyz", BodyPublishers.noBody()).statusCode())
                .isEqualTo(405);
    }

    @Test
    void metricsAreOnTheManagementPortOnly() {
        assertThat(metrics()).contains("jvm_memory_used_bytes");
        assertThat(http.get("/actuator/prometheus").statusCode()).isEqualTo(404);
    }

    private List<Future<HttpResponse<String>>> fill(ExecutorService threads) {
        List<Future<HttpResponse<String>>> waiting = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            waiting.add(threads.submit(() -> http.get("/open/wait")));
        }
        Eventually.within(
                Duration.ofSeconds(10),
                "full",
                () -> metrics().contains("firebreak_requests_in_flight{lane=\"login\"} 4.0"));
        return waiting;
    }

    private String ready() {
        HttpResponse<String> response = http.get("/readyz");
        return response.statusCode() + " " + response.body();
    }

    private String metrics() {
        return new Http(managementPort).get("/actuator/prometheus").body();
    }

    private long left(String... headers) {
        return Http.json(http.get("/open/deadline", headers)).get("left_ms").asLong();
    }
}
