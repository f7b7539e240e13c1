package dev.firebreak.trust;

import dev.firebreak.contracts.trust.TrustAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One question to the trust feed over HTTP, with a limit on its time and on the size of the answer. One question at a time. */
final class TrustCall {
    private static final int OK = 200;
    /** What the server takes. */
    private static final Pattern RING = Pattern.compile("[A-Za-z0-9,_-]{1,200}");

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration GOODBYE_TIMEOUT = Duration.ofSeconds(1);

    private final TrustFeedSettings settings;
    private final ClientAssertions assertions;
    // At most one request is under way, so that this holds a handful of threads at most.
    private final ExecutorService threads = threads();
    private final HttpClient http;

    TrustCall(TrustFeedSettings settings, ClientAssertions assertions) {
        this.settings = settings;
        this.assertions = assertions;
        this.http = client(threads);
    }

    /** Asks for what follows {@code held}, or for everything. Any failure is an {@link IOException} that names it. */
    TrustAnswer ask(@Nullable TrustSnapshot held) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(question(held))
                .header("Authorization", "Bearer " + assertions.create())
                .header("Accept", "application/json")
                .timeout(settings.readTimeout())
                .GET();
        long hold = settings.hold().toSeconds();
        if (hold > 0) {
            request.header("Prefer", "wait=" + hold);
        }
        HttpResponse<String> response = send(request.build());
        if (response.statusCode() != OK) {
            throw new IOException("the trust feed answered " + response.statusCode());
        }
        try {
            return TrustAnswerJson.parse(response.body());
        } catch (ParseException e) {
            throw new IOException("the trust feed's answer is malformed", e);
        }
    }

    /** Tells the server that this node stops. Short, because a process that stops has little time. */
    void goodbye() throws IOException, InterruptedException {
        // Of its own: the other one was ended together with the question that was under way.
        try (HttpClient last = client(threads())) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(settings.url() + "/verifier"))
                    .header("Authorization", "Bearer " + assertions.create())
                    .timeout(GOODBYE_TIMEOUT)
                    .DELETE()
                    .build();
            int status =
                    last.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status / 100 != 2) {
                throw new IOException("the trust feed answered " + status + " to a goodbye");
            }
        }
    }

    /** From any thread: ends the question under way, and every later one fails at once. */
    void end() {
        http.shutdownNow();
        threads.shutdownNow();
    }

    private static ExecutorService threads() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("trust-feed-http-", 0).factory());
    }

    private HttpClient client(ExecutorService executor) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(min(CONNECT_TIMEOUT, settings.readTimeout()))
                // The call stays inside: the assertion must not go where a redirect or a proxy would lead it.
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .executor(executor)
                .build();
    }

    private URI question(@Nullable TrustSnapshot held) {
        List<String> query = new ArrayList<>();
        if (held != null) {
            query.add("epoch=%s&keys=%d&after=%d".formatted(held.epoch(), held.keysVersion(), held.cursor()));
        }
        String ring = String.join(",", settings.ring().get());
        // One that cannot be told is left out: operators look at it, but every request lives on the answer.
        if (RING.matcher(ring).matches()) {
            query.add("ring=" + ring);
        }
        return query.isEmpty() ? settings.url() : URI.create(settings.url() + "?" + String.join("&", query));
    }

    /** The request's own time-out ends with the headers; this one holds for the body too. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<String>> response = http.sendAsync(
                request,
                HttpResponse.BodyHandlers.limiting(
                        HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), settings.maxAnswerBytes()));
        try {
            return response.get(settings.readTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the trust feed did not answer within " + settings.readTimeout(), e);
        } catch (ExecutionException e) {
            throw new IOException("the trust feed could not be read", e.getCause());
        } finally {
            // Ends the exchange and its connection where it is still under way.
            response.cancel(true);
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
