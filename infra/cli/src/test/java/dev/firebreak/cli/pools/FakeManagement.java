package dev.firebreak.cli.pools;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A service's management port, with whatever answer a test wants; it can hang before its first byte or after it. */
public final class FakeManagement implements AutoCloseable {
    public static final String HEALTHY = pool(
            "tasks",
            10,
            10,
            3,
            7,
            0,
            "\"verdict\":\"ok\",\"problem\":null,\"utilisation\":0.3,"
                    + "\"empty_acquire_share\":0.021,\"mean_wait_ms\":1.23,\"p99_wait_ms\":8,\"churn_per_s\":0.1,"
                    + "\"lanes\":[{\"lane\":\"user\",\"share\":4,\"active\":3,\"waiting\":0}]");
    public static final String BUSY = pool(
            "identity",
            8,
            8,
            8,
            0,
            15,
            "\"verdict\":\"saturated: lane login refuses\","
                    + "\"problem\":null,\"utilisation\":1.0,\"empty_acquire_share\":0.96,\"mean_wait_ms\":843.4,"
                    + "\"churn_per_s\":12.4,\"lanes\":[{\"lane\":\"user\",\"share\":3,\"active\":3,\"waiting\":3},"
                    + "{\"lane\":\"login\",\"share\":1,\"active\":1,\"waiting\":12}]");
    public static final String BROKEN = pool(
            "tasks",
            10,
            0,
            0,
            0,
            0,
            "\"verdict\":\"broken\",\"utilisation\":0,"
                    + "\"empty_acquire_share\":null,\"lanes\":[],\"problem\":{\"state\":\"28P01\",\"message\":\"FATAL password "
                    + "authentication failed\",\"since\":\"2026-11-24T12:03:41Z\"}");

    public volatile String body = "{\"pools\":[" + HEALTHY + "]}";
    volatile int status = 200;
    volatile boolean hangs;
    volatile boolean hangsInTheBody;
    final AtomicInteger asked = new AtomicInteger();

    private final CountDownLatch end = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public FakeManagement() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 8);
        server.createContext("/actuator/pools", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    static String pool(String name, int size, int open, int active, int idle, int waiting, String rest) {
        return "{\"pool\":\"%s\",\"size\":%d,\"open\":%d,\"active\":%d,\"idle\":%d,\"waiting\":%d,\"waiters_max\":64,%s}"
                .formatted(name, size, open, active, idle, waiting, rest);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    Target target(String node) {
        return Target.parse(node + "=" + url());
    }

    URI address() {
        return URI.create(url() + "/actuator/pools");
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            if (hangs) {
                await();
            }
            exchange.sendResponseHeaders(status, bytes.length);
            if (hangsInTheBody) {
                exchange.getResponseBody().write(bytes, 0, 1);
                exchange.getResponseBody().flush();
                await();
            }
            exchange.getResponseBody().write(bytes);
        }
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
