package dev.firebreak.stack.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answer of {@code /readyz} (contracts): ok and degraded are 200, down is 503.
 *
 * @param ready whether it serves
 * @param word {@code ok}, {@code degraded} or {@code down}
 * @param reasons codes of what is missing
 */
public record Health(boolean ready, String word, List<String> reasons) {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final JsonMapper JSON = new JsonMapper();

    public Health {
        reasons = List.copyOf(reasons);
    }

    /** Empty when nobody answers within a second. */
    public static Optional<Health> fetch(HttpClient http, int port) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return Optional.of(parse(answer.statusCode(), answer.body()));
        } catch (IOException unreachable) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking for health", e);
        }
    }

    static Health parse(int status, String body) {
        try {
            JsonNode json = JSON.readTree(body);
            List<String> reasons = StreamSupport.stream(json.path("reasons").spliterator(), false)
                    .map(reason -> reason.asString(""))
                    .toList();
            return new Health(status == 200, json.path("status").asString("unknown"), reasons);
        } catch (JacksonException e) {
            return new Health(false, "unknown", List.of("HTTP " + status));
        }
    }
}
