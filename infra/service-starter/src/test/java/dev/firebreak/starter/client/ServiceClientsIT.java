package dev.firebreak.starter.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.client.FakeUpstream.Answer;
import dev.firebreak.starter.client.example.ExampleService;
import dev.firebreak.starter.test.TestTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** The example of the how-to page in a running service: the group's keys, what its callers see, and its metrics. */
@SpringBootTest(
        classes = ExampleService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "firebreak.profile=local",
            "firebreak.node=test-1",
            "firebreak.run=serve",
            "firebreak.issuer=" + TestTrust.ISSUER,
            "firebreak.public-origin=" + TestTrust.ORIGIN,
            "spring.http.serviceclient.calendar.read-timeout=1500ms",
            "management.server.port=0"
        })
@Import(TestTrust.class)
class ServiceClientsIT {
    private static final FakeUpstream CALENDAR = new FakeUpstream();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @LocalServerPort
    int port;

    @Value("${local.management.port}")
    int managementPort;

    @DynamicPropertySource
    static void calendar(DynamicPropertyRegistry registry) {
        registry.add("spring.http.serviceclient.calendar.base-url", CALENDAR::url);
    }

    @AfterAll
    static void stop() {
        HTTP.shutdownNow();
        CALENDAR.close();
    }

    @Test
    void anInterfaceIsAClientByTheNameOfItsGroup() {
        CALENDAR.answers(Answer.ok("[{\"date\":\"2026-05-01\",\"name\":\"May Day\",\"added_later\":true}]"));

        HttpResponse<String> answer = get(port, "/open/holidays?year=2026");

        assertThat(answer.body()).isEqualTo("[{\"date\":\"2026-05-01\",\"name\":\"May Day\"}]");
        assertThat(CALENDAR.seen.getFirst().path()).isEqualTo("/api/v1/holidays?year=2026");
        assertThat(CALENDAR.seen.getFirst().header("Firebreak-Timeout-Ms"))
                .as("the group's own read time-out")
                .isEqualTo("1475");
        assertThat(CALENDAR.seen.getFirst().header("traceparent")).isNotNull();
        assertThat(CALENDAR.seen.getFirst().header("Upgrade")).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 500})
    void anotherServicesRefusalIsNeverTheCallersVerdict(int status) {
        CALENDAR.answers(Answer.of(status, null));

        HttpResponse<String> answer = get(port, "/open/holidays?year=2026");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("service.upstream_unavailable").doesNotContain("calendar");
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isEmpty();
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void anAnswerThatCannotBeReadIsNotTheCallersFault() {
        CALENDAR.answers(Answer.ok("[{\"date\":"));

        HttpResponse<String> answer = get(port, "/open/holidays?year=2026");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("service.upstream_unavailable");
    }

    @Test
    void asksABusyServiceAgainInTime() {
        CALENDAR.answers(Answer.of(503, "0"), Answer.ok("[]"));

        assertThat(get(port, "/open/holidays?year=2026").statusCode()).isEqualTo(200);
        assertThat(CALENDAR.seen).hasSize(2);
    }

    @Test
    void theCodeDecidesWhatAnAnswerMeans() {
        CALENDAR.answers(Answer.of(404, null));
        assertThat(get(port, "/open/holidays?year=2026").body()).isEqualTo("[]");

        CALENDAR.answers(new Answer(409, null, "{\"status\":409,\"code\":\"calendar.locked\"}", ""));
        assertThat(get(port, "/open/locked").body()).isEqualTo("true");

        CALENDAR.answers(Answer.of(503, "9"));
        assertThat(get(port, "/open/holidays-if-known?year=2026").body()).isEqualTo("[]");
    }

    @Test
    void theDeadlineShrinksHopByHopAndTheTraceStays() {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        HttpResponse<String> answer = get(
                port,
                "/open/hops?more=3",
                "Firebreak-Timeout-Ms",
                "3000",
                "traceparent",
                "00-" + trace + "-00f067aa0ba902b7-00");

        List<ExampleService.Hop> hops = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .build()
                .readValue(answer.body(), new TypeReference<>() {});
        assertThat(hops).hasSize(4).allMatch(hop -> hop.traceId().equals(trace));
        assertThat(hops.getFirst().leftMs()).isLessThanOrEqualTo(3_000);
        for (int i = 1; i < hops.size(); i++) {
            assertThat(hops.get(i).leftMs()).isLessThanOrEqualTo(hops.get(i - 1).leftMs() - 50);
        }
    }

    @Test
    void aHopThatCouldNotAnswerInTimeIsNotAsked() {
        HttpResponse<String> answer = get(port, "/open/hops?more=3", "Firebreak-Timeout-Ms", "55");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body()).contains("request.deadline_exceeded");
    }

    @Test
    void showsEverySeriesFromTheStart() {
        String metrics = get(managementPort, "/actuator/prometheus").body();

        for (String outcome :
                List.of("ok", "rejected", "refused", "shed", "failed", "unreachable", "timeout", "deadline")) {
            assertThat(metrics).contains("firebreak_client_calls_total{client=\"next\",outcome=\"" + outcome + "\"}");
        }
        for (String reason : List.of("method", "attempts", "deadline", "budget")) {
            assertThat(metrics)
                    .contains("firebreak_client_retries_denied_total{client=\"calendar\",reason=\"" + reason + "\"}");
        }
        assertThat(metrics).contains("firebreak_client_retries_total{client=\"calendar\"}");
    }

    private static HttpResponse<String> get(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
