package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** Every failure is one and the same kind of document, wherever it happens. */
@StarterTest
@ExtendWith(OutputCaptureExtension.class)
class ProblemsIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @LocalServerPort
    int port;

    private Http http;

    @BeforeEach
    void client() {
        http = new Http(port);
    }

    @Test
    void aDocumentedFailureSaysAllThatTheContractAsksFor() {
        HttpResponse<String> response =
                http.get("/open/documented?secret=1", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");

        assertProblem(response, 404, "task.not_found");
        JsonNode problem = Http.json(response);
        assertThat(problem.get("type").asString()).isEqualTo("/errors/task.not_found");
        assertThat(problem.get("title").asString()).isEqualTo("Task not found");
        assertThat(problem.get("status").asInt()).isEqualTo(404);
        assertThat(problem.get("instance").asString()).isEqualTo("/open/documented");
        assertThat(problem.get("trace_id").asString()).isEqualTo(TRACE);
        assertThat(problem.get("act").asString()).isEqualTo("user");
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void aCallersFaultIsOneLineOfTheLogWithoutAStack(CapturedOutput output) {
        http.get("/open/documented", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");

        assertThat(output.getOut().lines().filter(line -> line.contains(TRACE)))
                .singleElement()
                .asString()
                .contains("INFO", "GET /open/documented answered 404 task.not_found");
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void aBugIsInternalAndItsStackIsInTheLogOnly(CapturedOutput output) {
        HttpResponse<String> response = http.get("/open/bug");

        assertProblem(response, 500, "internal");
        assertThat(response.body()).doesNotContain("secret internals", "IllegalState");
        assertThat(output)
                .contains("ERROR", "answered 500 internal", "IllegalStateException: secret internals", "\tat ");
    }

    @Test
    void whatMayPassSaysWhenToTryAgain() {
        HttpResponse<String> response = http.get("/open/limited");

        assertProblem(response, 429, "rate.limited");
        int seconds =
                Integer.parseInt(response.headers().firstValue("Retry-After").orElseThrow());
        assertThat(seconds).isBetween(3, 10);
        assertThat(Http.json(response).get("retry_after").asInt()).isEqualTo(seconds);
    }

    @Test
    void theContainersErrorsAreProblemsToo() {
        assertProblem(http.get("/open/refused"), 503, "service.starting");
        assertProblem(http.get("/nothing/here"), 404, "request.unknown_path");
        assertProblem(http.send("TRACE", "/open/echo", BodyPublishers.noBody()), 405, "request.method_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/open/%zz", "/open/\"quote\"", "/open/%2e%2e/%2f"})
    void aPathThatIsNoneIsRefusedAsAProblem(String path) {
        String answer = http.raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("application/problem+json", "request.malformed");
        assertThat(answer).doesNotContainIgnoringCase("tomcat").doesNotContain("Server:");
    }

    @Test
    void headersThatAreTooLargeAreRefused() {
        String answer = http.raw("GET /open/deadline HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: "
                + "x".repeat(20_000) + "\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4").doesNotContainIgnoringCase("tomcat");
    }

    @Test
    void aBodyIsMeasuredWhetherItsLengthIsToldOrNot() {
        String small = "{\"a\":\"" + "x".repeat(1000) + "\"}";
        String large = "{\"a\":\"" + "x".repeat(1100) + "\"}";

        assertThat(echo(small, true).statusCode()).isEqualTo(200);
        assertThat(echo(small, false).statusCode()).isEqualTo(200);
        assertProblem(echo(large, true), 413, "request.too_large");
        assertProblem(echo(large, false), 413, "request.too_large");
    }

    @Test
    void aBodyThatNeverComesIsTheCallersFault() {
        String answer = http.raw("POST /open/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("request.malformed");
    }

    private HttpResponse<String> echo(String body, boolean lengthTold) {
        var publisher = lengthTold
                ? BodyPublishers.ofString(body)
                : BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        return http.send("POST", "/open/echo", publisher, "Content-Type", "application/json");
    }

    private static void assertProblem(HttpResponse<String> response, int status, String code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(response.headers().firstValue("Server")).isEmpty();
        JsonNode problem = Http.json(response);
        assertThat(problem.get("code").asString()).isEqualTo(code);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("detail").asString()).isNotEmpty();
        assertThat(problem.get("trace_id").asString()).matches("[0-9a-f]{32}");
    }
}
