package dev.firebreak.system.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests, and holds every answer of the whole suite against the promises that bind each of them: no HTTP session
 * anywhere, a 401 says how to authenticate, a 503 and a 429 say when to come back.
 */
public final class Wire {
    /** Longer than any promise (5 s for an outage's answer), so that a broken promise is measured and not cut off. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    // A daemon pool of its own: the client of a finished test must not keep the JVM.
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();

    private Wire() {}

    /** One exchange; {@code body} null means none. */
    public static Answer send(String method, URI uri, Map<String, String> headers, @Nullable String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::setHeader);
        long start = System.nanoTime();
        try {
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            Answer answer = new Answer(method, uri, response.statusCode(), response.headers(), response.body(), took);
            requirePromises(answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + uri.getRawPath() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    static void requirePromises(Answer answer) {
        assertThat(answer.setCookies())
                .as("no HTTP session: %s", answer)
                .noneMatch(cookie -> cookie.startsWith("JSESSIONID") || cookie.startsWith("SESSION="));
        if (answer.status() == 401) {
            assertThat(answer.header("www-authenticate"))
                    .as("WWW-Authenticate of %s", answer)
                    .isNotBlank();
        }
        if (answer.status() == 503 || answer.status() == 429) {
            assertThat(answer.header("retry-after"))
                    .as("Retry-After of %s", answer)
                    .matches("[1-9]|10");
        }
    }
}
