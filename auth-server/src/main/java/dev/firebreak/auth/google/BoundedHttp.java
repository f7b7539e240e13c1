package dev.firebreak.auth.google;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * HTTP with an end: one limit of time for the whole exchange, whose last byte the JDK's own limit does not see, one for the
 * size of the answer, one for how many are under way. Follows no redirect.
 */
final class BoundedHttp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    /** Google's answers have 2 KB; its keys 4. */
    private static final long MAX_BYTES = 64 * 1024;
    /** Calls at once of this node; beyond it there is a fault, and it must not become one at Google. */
    private static final int AT_ONCE = 64;

    private final Duration limit;
    private final HttpClient http;
    private final Semaphore places = new Semaphore(AT_ONCE);

    BoundedHttp(Duration limit) {
        this.limit = limit;
        this.http = HttpClient.newBuilder()
                .connectTimeout(limit.compareTo(CONNECT) < 0 ? limit : CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** No place among the calls under way. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1L;

        Full() {
            super("too many calls at once");
        }
    }

    /** The answer, whatever its status; everything else is an {@link IOException}, of time-outs too. */
    HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        if (!places.tryAcquire()) {
            throw new Full();
        }
        CompletableFuture<HttpResponse<String>> answer = null;
        try {
            answer = http.sendAsync(
                    request.timeout(limit).build(),
                    BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_BYTES));
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new java.net.http.HttpTimeoutException("no whole answer within " + limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException broken) {
                throw broken;
            }
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            places.release();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
