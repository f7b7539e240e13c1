package dev.firebreak.trust;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.contracts.http.Paths;
import dev.firebreak.contracts.trust.TrustAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** An authorization server that answers the trust feed as the test says: well, badly, slowly or not at all. */
final class FakeTrustServer implements AutoCloseable {
    /** What is done with a request. */
    interface Behaviour {
        void handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** One question as it came. */
    record Question(String query, String authorization) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Question> questions = new CopyOnWriteArrayList<>();
    private final List<String> prefers = new CopyOnWriteArrayList<>();
    private final List<String> goodbyes = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Behaviour behaviour = status(503);

    FakeTrustServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(Paths.TRUST, this::handle);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + Paths.TRUST);
    }

    List<Question> questions() {
        return questions;
    }

    /** How long each question wants to be held; empty for one that does not. */
    List<String> prefers() {
        return prefers;
    }

    /** Paths of the verifiers' last words. */
    List<String> goodbyes() {
        return goodbyes;
    }

    void answer(TrustAnswer answer) {
        behaviour = body(TrustAnswerJson.write(answer));
    }

    void behave(Behaviour next) {
        behaviour = next;
    }

    static Behaviour status(int status) {
        return exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
        };
    }

    static Behaviour body(String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return exchange -> {
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        };
    }

    /** Accepts the request and never answers. */
    Behaviour silence() {
        return exchange -> closed.await(1, TimeUnit.MINUTES);
    }

    /** Sends the headers at once and then one byte every 20 ms, as a server that is nearly dead. */
    Behaviour drip() {
        return exchange -> {
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            while (!closed.await(20, TimeUnit.MILLISECONDS)) {
                body.write('{');
                body.flush();
            }
        };
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("DELETE")) {
            goodbyes.add(exchange.getRequestURI().getPath());
            try (exchange) {
                exchange.sendResponseHeaders(204, -1);
            }
            return;
        }
        prefers.add(Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Prefer"), ""));
        questions.add(new Question(
                exchange.getRequestURI().getQuery(),
                exchange.getRequestHeaders().getFirst("Authorization")));
        try (exchange) {
            behaviour.handle(exchange);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
