package dev.firebreak.cli.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An authorization server with one account, as the gateway shows ours. Refuses what ours would refuse. */
final class FakeIssuer implements AutoCloseable {
    static final String USER = "alice@example.com";
    static final String PASSWORD = "right & good";

    final HttpServer server;
    /** What the form's action is; "" for the page itself. */
    volatile String action = "/auth/login";

    volatile boolean endlessRedirects;
    volatile int signInStatus = 200;

    /** How many requests are refused because the server is busy, before it sees what they are. */
    final AtomicInteger busyFor = new AtomicInteger();

    final AtomicInteger tokenRequests = new AtomicInteger();
    private final Map<String, String> challenges = new ConcurrentHashMap<>();

    FakeIssuer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 8);
        server.createContext("/auth/oauth2/authorize", this::authorize);
        server.createContext("/auth/login", this::login);
        server.createContext("/auth/oauth2/token", this::token);
        server.start();
    }

    URI issuer() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/auth");
    }

    private void authorize(HttpExchange exchange) throws IOException {
        if (isBusy(exchange)) {
            return;
        }
        Map<String, String> query = Form.query(exchange.getRequestURI());
        if (endlessRedirects) {
            redirect(exchange, exchange.getRequestURI().toString());
            return;
        }
        String cookies = String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"));
        if (!cookies.contains("sso=yes")) {
            exchange.getResponseHeaders()
                    .add(
                            "Set-Cookie",
                            "saved=" + exchange.getRequestURI().getRawQuery().hashCode() + "; Path=/auth");
            saved = exchange.getRequestURI().toString();
            redirect(exchange, "/auth/login");
            return;
        }
        challenges.put("the-code", query.getOrDefault("code_challenge", ""));
        redirect(exchange, query.get("redirect_uri") + "?code=the-code&state=" + query.get("state"));
    }

    private volatile String saved = "";

    private void login(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("GET")) {
            page(exchange, 200, "");
            return;
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = Form.query(URI.create("http://x/?" + body));
        boolean csrf = "a\"b".equals(form.get("_csrf"))
                && String.valueOf(exchange.getRequestHeaders().getFirst("Cookie"))
                        .contains("saved=");
        if (csrf && USER.equals(form.get("username")) && PASSWORD.equals(form.get("password")) && signInStatus == 200) {
            exchange.getResponseHeaders().add("Set-Cookie", "sso=yes; Path=/auth; HttpOnly; SameSite=Lax");
            redirect(exchange, saved);
            return;
        }
        page(
                exchange,
                signInStatus,
                "<div role=\"alert\" id=s><div><strong>Not &quot;right&quot;.</strong></div></div>");
    }

    private boolean isBusy(HttpExchange exchange) throws IOException {
        if (busyFor.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
            return false;
        }
        exchange.getResponseHeaders().set("Retry-After", "0");
        send(exchange, 503, "application/json", "{\"error\":\"temporarily_unavailable\"}");
        return true;
    }

    private void token(HttpExchange exchange) throws IOException {
        tokenRequests.incrementAndGet();
        if (isBusy(exchange)) {
            return;
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = Form.query(URI.create("http://x/?" + body));
        boolean proved = new Pkce(form.getOrDefault("code_verifier", ""))
                .challenge()
                .equals(challenges.get(form.getOrDefault("code", "")));
        boolean renewed = "refresh_token".equals(form.get("grant_type")) && "r1".equals(form.get("refresh_token"));
        boolean client = form.getOrDefault("client_assertion", "").equals("assertion-" + tokenRequests);
        boolean good = proved || renewed || client;
        String answer = good
                ? "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"expires_in\":900}"
                : "{\"error\":\"invalid_grant\",\"error_description\":\"no such code\"}";
        send(exchange, good ? 200 : 400, "application/json", answer);
    }

    private void page(HttpExchange exchange, int status, String alert) throws IOException {
        send(exchange, status, "text/html", alert + """
                <form method="get" action="/search"><input name="q"></form>
                <form method="post" action="%s">
                  <input type="hidden" name="_csrf" value="a&quot;b">
                  <input name="username"><input type="password" name="password">
                </form>""".formatted(action));
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().set("Location", location);
        exchange.sendResponseHeaders(303, -1);
        exchange.close();
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
