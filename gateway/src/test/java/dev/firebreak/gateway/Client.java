package dev.firebreak.gateway;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Speaks HTTP to the gateway: keeps cookies if told to, follows nothing, and takes an answer apart. */
public final class Client {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final URI base;
    private final Map<String, String> cookies = new ConcurrentHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();

    /** An answer. */
    public record Answer(int status, Map<String, List<String>> headers, String body, Duration took) {
        public String header(String name) {
            List<String> values = headers.get(name.toLowerCase(java.util.Locale.ROOT));
            return values == null ? null : values.getFirst();
        }

        /** All {@code Set-Cookie} headers that begin with this name. */
        public List<String> setCookies(String name) {
            return headers.getOrDefault("set-cookie", List.of()).stream()
                    .filter(cookie -> cookie.startsWith(name + "="))
                    .toList();
        }

        /** Every cookie that is set, with its attributes. */
        public List<String> allSetCookies() {
            return headers.getOrDefault("set-cookie", List.of());
        }

        /** The value that a cookie is set to, or null. */
        public String newCookie(String name) {
            return setCookies(name).stream()
                    .map(cookie -> cookie.substring(name.length() + 1).split(";", 2)[0])
                    .filter(value -> !value.isEmpty())
                    .findFirst()
                    .orElse(null);
        }

        /** Whether a cookie is cleared. */
        public boolean clears(String name) {
            return setCookies(name).stream()
                    .anyMatch(cookie -> cookie.startsWith(name + "=;") && cookie.contains("Max-Age=0"));
        }

        public Map<String, Object> json() {
            try {
                return JSONObjectUtils.parse(body);
            } catch (ParseException e) {
                throw new AssertionError("Not JSON: " + body, e);
            }
        }

        /** The {@code code} of a problem document. */
        public String code() {
            return String.valueOf(json().get("code"));
        }
    }

    Client(URI base) {
        this.base = base;
    }

    /** The same client with one more cookie. */
    public Client cookie(String name, String value) {
        cookies.put(name, value);
        return this;
    }

    /** Value of a cookie it holds, or null. */
    public String cookie(String name) {
        return cookies.get(name);
    }

    /** The same client with one more header on each request. */
    public Client header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public Client bearer(String token) {
        return header("Authorization", "Bearer " + token);
    }

    /** As a browser that navigates. */
    public Client navigating() {
        return header("Sec-Fetch-Mode", "navigate").header("Accept", "text/html,application/xhtml+xml");
    }

    /** As a script of the page. */
    public Client script() {
        return header("Sec-Fetch-Mode", "cors")
                .header("Origin", TestGateway.ORIGIN)
                .header("X-Firebreak", "1");
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer send(String method, String path, String body) {
        return send(request(method, path, body));
    }

    public CompletableFuture<Answer> getAsync(String path) {
        long start = System.nanoTime();
        return HTTP.sendAsync(request("GET", path, null), BodyHandlers.ofString())
                .thenApply(response -> answer(response, start));
    }

    /** Takes over the cookies of an answer, as browsers do. */
    public Client keep(Answer answer) {
        answer.headers().getOrDefault("set-cookie", List.of()).forEach(header -> {
            String[] pair = header.split(";", 2)[0].split("=", 2);
            if (header.contains("Max-Age=0")) {
                cookies.remove(pair[0]);
            } else {
                cookies.put(pair[0], pair[1]);
            }
        });
        return this;
    }

    public HttpRequest request(String method, String path, String body) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofSeconds(30));
        headers.forEach(builder::header);
        if (!cookies.isEmpty()) {
            builder.header(
                    "Cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        return builder.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    public Answer send(HttpRequest request) {
        long start = System.nanoTime();
        try {
            return answer(HTTP.send(request, BodyHandlers.ofString()), start);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static Answer answer(HttpResponse<String> response, long start) {
        return new Answer(
                response.statusCode(),
                response.headers().map(),
                response.body(),
                Duration.ofNanos(System.nanoTime() - start));
    }
}
