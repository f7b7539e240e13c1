package dev.firebreak.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The operators' endpoints of an authorization server, with whatever answers a test wants. */
final class FakeOps implements AutoCloseable {
    private static final String BASE = "/auth/internal/v1/ops/";

    /** One request as it came: {@code POST keys/rotate?dry_run=true}, its body, its proof. */
    record Asked(String what, String body, String proof) {}

    private record Answer(int status, String body) {}

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<String, Queue<Answer>> answers = new ConcurrentHashMap<>();
    private final HttpServer server;

    FakeOps() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The last of several answers is given for ever. */
    void answer(String what, int status, String body) {
        answers.computeIfAbsent(what, _ -> new ArrayDeque<>()).add(new Answer(status, body));
    }

    List<String> questions() {
        return asked.stream().map(Asked::what).toList();
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().toString();
            String what = exchange.getRequestMethod() + " "
                    + (path.startsWith(BASE) ? path.substring(BASE.length()) : "outside " + path);
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(new Asked(
                    what, body, String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))));
            Queue<Answer> left = answers.getOrDefault(what, new ArrayDeque<>());
            Answer answer = left.size() > 1 ? left.remove() : left.peek();
            if (answer == null) {
                answer = new Answer(404, "{\"code\":\"request.no_such_path\",\"detail\":\"there is no " + what + "\"}");
            }
            if (answer.status() == 503) {
                exchange.getResponseHeaders().set("Retry-After", "0");
            }
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
