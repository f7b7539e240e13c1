package dev.firebreak.system.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One answer as it came over the wire. {@code took} runs from the first byte sent to the last byte read. */
public record Answer(String method, URI uri, int status, HttpHeaders headers, String body, Duration took) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** First value of a header, or empty text. */
    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    public List<String> setCookies() {
        return headers.allValues("set-cookie");
    }

    public JsonNode json() {
        return JSON.readTree(body);
    }

    /** Code of a problem document; empty text for any other body. */
    public String code() {
        return isProblem() ? json().path("code").asString("") : "";
    }

    public boolean isProblem() {
        return header("content-type").startsWith("application/problem+json");
    }

    /** Status and code together, as traffic is counted: {@code 200}, {@code 503 pool.unavailable}. */
    public String outcome() {
        String code = code();
        return code.isEmpty() ? Integer.toString(status) : status + " " + code;
    }

    /** Where a redirect leads; null when there is none. */
    public @Nullable URI location() {
        return headers.firstValue("location").map(uri::resolve).orElse(null);
    }

    public Answer expect(int expected) {
        assertThat(status).as(this::toString).isEqualTo(expected);
        return this;
    }

    /** Expects the whole contract of an error (RFC 9457 and contracts, "Errors"), not its status alone. */
    public Answer expectProblem(int expected, String code) {
        expect(expected);
        assertThat(isProblem()).as("problem+json: %s", this).isTrue();
        JsonNode problem = json();
        assertThat(problem.path("code").asString()).as(this::toString).isEqualTo(code);
        assertThat(problem.path("type").asString()).isEqualTo("/errors/" + code);
        assertThat(problem.path("status").asInt()).isEqualTo(expected);
        assertThat(problem.path("title").asString()).isNotBlank();
        assertThat(problem.path("trace_id").asString(""))
                .as("trace_id of %s", body)
                .isNotBlank();
        assertThat(problem.path("act").asString()).isIn("user", "retry", "operator");
        return this;
    }

    /** For messages: enough to see what happened, without cookies or tokens. */
    @Override
    public String toString() {
        return "%s %s -> %d in %d ms %s"
                .formatted(
                        method,
                        uri.getRawPath(),
                        status,
                        took.toMillis(),
                        body.substring(0, Math.min(400, body.length())));
    }
}
