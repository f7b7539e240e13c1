package dev.firebreak.system.harness;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Stands where a service would, and keeps what the gateway sent it. Answers 200 with an empty object and a cookie. */
public final class RecordingUpstream implements AutoCloseable {
    /** Sent with every answer, to see whether an upstream's cookies pass. */
    public static final String COOKIE = "upstream-cookie";

    private static final int MOST_KEPT = 1000;

    /** One request; header names in any case. */
    public record Seen(String method, String uri, Map<String, List<String>> headers) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>(MOST_KEPT);

    public RecordingUpstream() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next request that came, waiting for it if need be. */
    public Seen take() {
        try {
            Seen next = seen.poll(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError("no request reached the upstream");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** How many requests came and were not taken. */
    public int waiting() {
        return seen.size();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    /** It fetches the public documents by itself, at any time. */
    private static boolean isOfTheGatewayItself(String uri) {
        return uri.startsWith("/auth/.well-known/") || uri.equals("/auth/oauth2/jwks");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            headers.putAll(exchange.getRequestHeaders());
            exchange.getRequestBody().readAllBytes();
            String uri = exchange.getRequestURI().toString();
            if (!isOfTheGatewayItself(uri)) {
                seen.add(new Seen(exchange.getRequestMethod(), uri, headers));
            }
            byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Set-Cookie", COOKIE + "=1; Path=/");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
