package dev.firebreak.cli.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Sign-in in the person's own browser, which brings the code to a port of 127.0.0.1 that listens for it alone (RFC 8252, 7.3). */
public final class LoopbackSignIn {
    private final URI issuer;
    private final TokenEndpoint tokens;
    private final Duration patience;

    /** @param patience how long the person has */
    public LoopbackSignIn(URI issuer, TokenEndpoint tokens, Duration patience) {
        this.issuer = issuer;
        this.tokens = tokens;
        this.patience = patience;
    }

    /** @param show gets the address to open */
    public Tokens signIn(String clientId, Wish wish, Consumer<URI> show) {
        CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
        HttpServer server = listen();
        try {
            String redirect = "http://127.0.0.1:" + server.getAddress().getPort() + "/callback";
            AuthorizationRequest request = AuthorizationRequest.create(issuer, clientId, wish, redirect);
            server.createContext("/callback", exchange -> receive(exchange, request.state(), answer));
            server.start();
            show.accept(request.uri(""));
            return tokens.redeem(clientId, request.code(await(answer)), redirect, request.pkce());
        } finally {
            // One second for the page to reach the browser.
            server.stop(1);
        }
    }

    private static HttpServer listen() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 4);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on 127.0.0.1", e);
        }
    }

    /** A request without our state is somebody else's: it changes nothing, and we go on waiting. */
    private static void receive(HttpExchange exchange, String state, CompletableFuture<Map<String, String>> answer)
            throws IOException {
        Map<String, String> query = Form.query(exchange.getRequestURI());
        boolean ours = state.equals(query.get("state"))
                && exchange.getRequestURI().getPath().equals("/callback");
        byte[] page =
                page(ours ? "You are signed in. You can close this window." : "This is not the expected sign-in.");
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(ours ? 200 : 400, page.length);
        exchange.getResponseBody().write(page);
        exchange.close();
        if (ours) {
            answer.complete(query);
        }
    }

    private Map<String, String> await(CompletableFuture<Map<String, String>> answer) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new OAuthException(
                    "nobody signed in within " + patience.toMinutes() + " minutes", "run ./firebreak login again");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the sign-in", e);
        }
    }

    private static byte[] page(String text) {
        return ("<!doctype html><html lang=\"en\"><title>Firebreak</title><p>" + text + "</p></html>\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
