package dev.firebreak.tasks;

import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.test.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** The task API as a client sees it. Every answer is checked against the OpenAPI document before a test gets it. */
final class Api {
    static final String TASKS = "/api/v1/tasks";
    static final String CATEGORIES = "/api/v1/categories";
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final OpenApiContract contract = OpenApiContract.load();
    private final int port;
    private final TestIssuer issuer;

    Api(int port, TestIssuer issuer) {
        this.port = port;
        this.issuer = issuer;
    }

    /** One answer. */
    record Answer(int status, HttpHeaders headers, String text) {
        JsonNode body() {
            return text.isEmpty() ? MissingNode.getInstance() : JSON.readTree(text);
        }

        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        String etag() {
            return header("ETag");
        }

        String code() {
            return body().path("code").asString("");
        }

        UUID id() {
            return UUID.fromString(body().get("id").asString());
        }
    }

    /** A caller with a token of their own. */
    final class Client {
        private final String token;

        Client(String token) {
            this.token = token;
        }

        Answer get(String path, String... headers) {
            return send("GET", path, null, headers);
        }

        Answer post(String path, String body, String... headers) {
            return send("POST", path, body, with(headers, "Content-Type", "application/json"));
        }

        Answer put(String path, String body, String... headers) {
            return send("PUT", path, body, with(headers, "Content-Type", "application/json"));
        }

        Answer patch(String path, String body, String... headers) {
            return send("PATCH", path, body, with(headers, "Content-Type", "application/merge-patch+json"));
        }

        Answer delete(String path, String... headers) {
            return send("DELETE", path, null, headers);
        }

        /** A stored task with this title. */
        Answer task(String title) {
            return post(TASKS, "{\"title\":\"" + title + "\"}");
        }

        /** Any request; {@code Authorization} is added unless there is one. */
        Answer send(String method, String path, String body, String... headers) {
            String[] all = token == null ? headers : with(headers, "Authorization", "Bearer " + token);
            return Api.this.send(method, path, body, all);
        }
    }

    /** Somebody new. */
    Client newUser() {
        return new Client(TestTrust.newUser(issuer));
    }

    Client withToken(String token) {
        return new Client(token);
    }

    Client anonymous() {
        return new Client(null);
    }

    private Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var response = http.send(request.build(), BodyHandlers.ofString());
            Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
            contract.check(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String[] with(String[] headers, String name, String value) {
        List<String> all = new ArrayList<>(List.of(headers));
        if (!all.contains(name)) {
            all.add(name);
            all.add(value);
        }
        return all.toArray(String[]::new);
    }
}
