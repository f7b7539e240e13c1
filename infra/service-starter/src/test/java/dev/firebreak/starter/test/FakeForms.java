package dev.firebreak.starter.test;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An authorization server that takes forms, answers as it is told, and can go away and come back on the same port. */
public final class FakeForms implements AutoCloseable {
    /** One request. */
    public record Asked(String path, Map<String, String> headers, Map<String, String> form) {
        /** The bearer token of the request, or an empty text. */
        public String bearer() {
            String header = headers.getOrDefault("authorization", "");
            return header.startsWith("Bearer ") ? header.substring(7) : "";
        }
    }

    /** One answer. */
    public record Reply(int status, @Nullable String retryAfter, String body) {
        public static Reply ok(String json) {
            return new Reply(200, null, json);
        }

        /** A token as both endpoints give it. */
        public static Reply token(String value, long seconds) {
            return ok("""
                    {"access_token":"%s","token_type":"Bearer","expires_in":%d,"scope":"a b","added_later":1}""".formatted(value, seconds));
        }
    }

    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile Function<Asked, Reply> replies = it -> new Reply(500, null, "");
    private HttpServer server;

    public FakeForms() {
        server = listen(0);
    }

    /** Where it listens. */
    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /** What it answers from now on; may block. */
    public void replies(Function<Asked, Reply> how) {
        replies = how;
    }

    /** All requests so far. */
    public List<Asked> asked() {
        return asked;
    }

    /** Nobody listens any more. */
    public void goAway() {
        server.stop(0);
    }

    /** Listens again, at the same address. */
    public void comeBack() {
        server = listen(server.getAddress().getPort());
    }

    private HttpServer listen(int port) {
        try {
            HttpServer created = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
            created.createContext("/", this::answer);
            created.setExecutor(threads);
            created.start();
            return created;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Asked request = new Asked(exchange.getRequestURI().getPath(), headers, form(body));
        asked.add(request);
        Reply reply = replies.apply(request);
        byte[] bytes = reply.body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        if (reply.retryAfter != null) {
            exchange.getResponseHeaders().set("Retry-After", reply.retryAfter);
        }
        exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private static Map<String, String> form(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String field : body.split("&")) {
            int at = field.indexOf('=');
            if (at > 0) {
                fields.put(
                        URLDecoder.decode(field.substring(0, at), StandardCharsets.UTF_8),
                        URLDecoder.decode(field.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return fields;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
