package dev.firebreak.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * The application of the incident. {@code POST /login?name=}, {@code POST /logout}, {@code GET /session}, {@code GET} and
 * {@code POST /tasks}; the session id travels in the header {@code Session}. Virtual threads, so that the pool is the
 * only thing everybody waits for.
 */
public final class Control {
    private static final String JSON = "application/json";

    private final Store store;

    private Control(Store store) {
        this.store = store;
    }

    /** Arguments: port, JDBC URL, user, password file, pool size. */
    public static void main(String[] args) throws IOException, SQLException {
        String password = Files.readString(Path.of(args[3])).strip();
        Store store = new Store(new QueuePool(args[1], args[2], password, Integer.parseInt(args[4])));
        store.createTables();
        Control control = new Control(store);
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0])), 1024);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> control.serve(exchange));
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                route(exchange, new String(body, StandardCharsets.UTF_8));
            } catch (SQLException e) {
                // Wrong: says nothing about when to come back, and the page takes it for the end of the session.
                answer(exchange, 500, "{\"detail\":\"Internal Server Error\"}");
            }
        }
    }

    private void route(HttpExchange exchange, String body) throws IOException, SQLException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/login")) {
            String name = exchange.getRequestURI().getQuery().substring("name=".length());
            answer(exchange, 200, store.signIn(name));
            return;
        }
        String session = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Session"))
                .orElse("");
        if (path.equals("/logout")) {
            store.signOut(session);
            answer(exchange, 200, "{}");
            return;
        }
        Optional<String> user = currentUser(session);
        if (user.isEmpty()) {
            answer(exchange, 401, "{\"detail\":\"Could not validate credentials\"}");
        } else if (path.equals("/session")) {
            answer(exchange, 200, "{}");
        } else if (exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 201, store.add(user.get(), body));
        } else {
            answer(exchange, 200, String.join("\n", store.titles(user.get())));
        }
    }

    /** Wrong: that nobody could be asked is told as "could not validate credentials". */
    private Optional<String> currentUser(String session) {
        try {
            return store.userOf(session);
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", JSON);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
