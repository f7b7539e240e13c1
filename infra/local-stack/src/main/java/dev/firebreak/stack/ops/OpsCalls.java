package dev.firebreak.stack.ops;

import dev.firebreak.contracts.http.Paths;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.retry.PatientHttp;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls to {@code /auth/internal/v1/ops}: each carries a fresh assertion and needs no token endpoint. A busy server is asked
 * again where twice does the same as once; what it refuses is an {@link OpsRefusal}.
 */
final class OpsCalls {
    /** Far more than any look-up takes. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static final JsonMapper JSON = new JsonMapper();

    private final URI internal;
    private final ClientAssertions assertions;
    private final PatientHttp http;

    /** @param internal the authorization server's internal face, without a path */
    OpsCalls(URI internal, ClientAssertions assertions, PatientHttp http) {
        this.internal = internal;
        this.assertions = assertions;
        this.http = http;
    }

    /** As client {@code operator-cli}, with the key that the first start of a local stack made. */
    static OpsCalls of(StackFolder folder, String publicOrigin, URI internal, PatientHttp http, InstantSource clock) {
        Path key = folder.clientKey(ClientRegistrations.OPERATOR_CLI);
        if (!Files.exists(key)) {
            throw new StackException("there is no " + key, "start the stack once: ./firebreak up --detach");
        }
        ClientAssertions assertions = new ClientAssertions(
                ClientRegistrations.OPERATOR_CLI, ClientKey.load(key), publicOrigin + "/auth", "firebreak-cli", clock);
        return new OpsCalls(internal, assertions, http);
    }

    /** Again while the server is busy if the method is idempotent. */
    JsonNode call(String method, String path, String body) {
        return parse(text(method, path, body));
    }

    /** The same, with the answer as the server wrote it. */
    String text(String method, String path, String body) {
        return answer(() -> http.send(() -> request(method, path, body, TIMEOUT), BodyHandlers.ofString()));
    }

    /** For what sets a state: again while the server is busy, whatever the method. */
    JsonNode callRepeatable(String method, String path, String body) {
        return parse(
                answer(() -> http.sendRepeatable(() -> request(method, path, body, TIMEOUT), BodyHandlers.ofString())));
    }

    /**
     * Asks once. When the answer is lost nobody knows whether the order was carried out.
     *
     * @param lookFirst what a person should look at before they give a lost order again
     */
    JsonNode order(String path, String body, Duration timeout, String lookFirst) {
        return parse(answer(() -> {
            try {
                return http.send(() -> request("POST", path, body, timeout), BodyHandlers.ofString());
            } catch (ConnectException | HttpConnectTimeoutException nothingSent) {
                throw nothingSent;
            } catch (IOException e) {
                throw new StackException(
                        "the answer of the authorization server at " + internal.getAuthority() + " was lost: " + e,
                        "the order may have been carried out; look before you repeat it: " + lookFirst,
                        e);
            }
        }));
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private HttpRequest request(String method, String path, String body, Duration timeout) {
        return HttpRequest.newBuilder(URI.create(internal + Paths.OPS + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + assertions.create())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private interface Exchange {
        HttpResponse<String> run() throws IOException, InterruptedException;
    }

    private String answer(Exchange exchange) {
        try {
            HttpResponse<String> answer = exchange.run();
            if (answer.statusCode() / 100 != 2) {
                JsonNode problem = parse(answer.body());
                throw new OpsRefusal(
                        answer.statusCode(),
                        problem.path("code").asString("http." + answer.statusCode()),
                        words(problem),
                        problem);
            }
            return answer.body();
        } catch (IOException e) {
            throw new StackException(
                    "the authorization server does not answer at " + internal.getAuthority() + ": " + e,
                    "is it up? ./firebreak status",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + internal.getAuthority(), e);
        }
    }

    /** Detail and each violation of a problem document (RFC 9457). */
    private static String words(JsonNode problem) {
        StringBuilder words = new StringBuilder(
                problem.path("detail").asString(problem.path("title").asString("no detail")));
        for (JsonNode violation : problem.path("violations")) {
            words.append(" (")
                    .append(violation.path("field").asString(""))
                    .append(": ")
                    .append(violation.path("message").asString(""))
                    .append(')');
        }
        return words.toString();
    }

    private static JsonNode parse(String body) {
        try {
            return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }
}
