package dev.firebreak.trust.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.sun.net.httpserver.HttpServer;
import dev.firebreak.trust.test.TestClock;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PatientHttpTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final TestClock clock = new TestClock();
    private final List<Duration> waits = new ArrayList<>();
    private final List<Duration> notices = new ArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    /** How many requests are answered 503 before the first 200. */
    private volatile int busyFor;

    private volatile @Nullable String retryAfter;
    private volatile boolean silent;

    private HttpServer server;
    private HttpClient jdk;
    private PatientHttp http;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            seen.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Attempt"));
            if (silent) {
                awaitEnd();
            }
            boolean busy = seen.size() <= busyFor;
            if (retryAfter != null) {
                exchange.getResponseHeaders().set("Retry-After", retryAfter);
            }
            exchange.sendResponseHeaders(busy ? 503 : 200, -1);
            exchange.close();
        });
        server.start();
        jdk = HttpClient.newHttpClient();
        RetryRules rules = new RetryRules(new RetryBudget(), new SplittableRandom(1));
        http = new PatientHttp(jdk, rules, clock, notices::add, wait -> {
            waits.add(wait);
            clock.advance(wait);
        });
    }

    @AfterEach
    void stop() {
        ended.countDown();
        jdk.shutdownNow();
        server.stop(0);
    }

    @Test
    void waitsAsLongAsTheServerAsksAndSaysSo() throws Exception {
        busyFor = 1;
        retryAfter = "3";

        assertThat(http.send(request("GET"), BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
        assertThat(waits)
                .singleElement()
                .satisfies(wait -> assertThat(wait).isBetween(Duration.ofSeconds(3), Duration.ofMillis(4_500)));
        assertThat(notices).isEqualTo(waits);
    }

    @Test
    void asksWithAFreshRequestEachTime() throws Exception {
        busyFor = 2;

        http.send(request("GET"), BodyHandlers.discarding());

        assertThat(seen).containsExactly("GET 1", "GET 2", "GET 3");
    }

    @Test
    void returnsTheRefusalWhereWaitingWouldTakeTooLong() throws Exception {
        busyFor = 9;
        retryAfter = "16";

        assertThat(http.send(request("GET"), BodyHandlers.discarding()).statusCode())
                .isEqualTo(503);
        assertThat(waits).isEmpty();
    }

    @Test
    void waitsFifteenSecondsAtMostAltogether() throws Exception {
        busyFor = 9;
        retryAfter = "9";

        HttpResponse<Void> answer = http.send(request("GET"), BodyHandlers.discarding());

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(seen).hasSize(2);
        assertThat(waits.stream().reduce(Duration.ZERO, Duration::plus)).isLessThan(PATIENCE);
    }

    @Test
    void repeatsAPostOnlyIfItsCallerVouchesForIt() throws Exception {
        busyFor = 1;
        retryAfter = "1";

        assertThat(http.send(request("POST"), BodyHandlers.discarding()).statusCode())
                .isEqualTo(503);
        assertThat(seen).hasSize(1);

        busyFor = 2;
        assertThat(http.sendRepeatable(request("POST"), BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void triesARefusedConnectionThreeTimesAndThenSaysSo() {
        server.stop(0);

        assertThatIOException()
                .isThrownBy(() -> http.send(request("GET"), BodyHandlers.discarding()))
                .isInstanceOf(ConnectException.class);
        assertThat(waits).hasSize(2);
        assertThat(notices).as("nobody said that it was busy").isEmpty();
    }

    @Test
    void doesNotAskAgainWhereTheServerIsStillAtWork() {
        silent = true;

        assertThatIOException()
                .isThrownBy(() -> http.send(request("GET"), BodyHandlers.discarding()))
                .isInstanceOf(HttpTimeoutException.class);
        assertThat(waits).isEmpty();
    }

    private Supplier<HttpRequest> request(String method) {
        AtomicInteger attempt = new AtomicInteger();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return () -> HttpRequest.newBuilder(uri)
                .timeout(silent ? Duration.ofMillis(300) : Duration.ofSeconds(10))
                .header("Attempt", Integer.toString(attempt.incrementAndGet()))
                .method(method, BodyPublishers.noBody())
                .build();
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
