package dev.firebreak.auth.google;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.auth.MovableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Google's token endpoint as tests need it, over real HTTP on 127.0.0.1. Everything it gives is unguessable. */
public final class FakeGoogle implements AutoCloseable {
    public static final String CLIENT_ID = "client-1.apps.example";
    public static final String SECRET = "client-secret-1-very-secret";

    private final HttpServer server;
    private final InstantSource clock;
    private final RSAKey key;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
    private final Set<String> given = ConcurrentHashMap.newKeySet();

    /** Every call, in order of arrival. */
    public final List<Map<String, String>> calls = new CopyOnWriteArrayList<>();

    public final AtomicInteger refreshed = new AtomicInteger();
    public final Set<String> secrets = ConcurrentHashMap.newKeySet();
    public volatile Duration life = Duration.ofMinutes(60);
    /** Changes an answer, or delays it, or makes another one. */
    public volatile UnaryOperator<Reply> mood = UnaryOperator.identity();
    /** Done on arrival. */
    public volatile Runnable onCall = () -> {};

    /** An answer; {@code body} may be anything. */
    public record Reply(int status, Map<String, String> headers, String body) {
        public static Reply of(int status) {
            return new Reply(status, Map.of(), "{}");
        }

        public Reply with(String member, Object value) {
            try {
                Map<String, Object> members = new LinkedHashMap<>(JSONObjectUtils.parse(body));
                members.put(member, value);
                return new Reply(status, headers, JSONObjectUtils.toJSONString(members));
            } catch (java.text.ParseException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public FakeGoogle(InstantSource clock) {
        this.clock = clock;
        secrets.add(SECRET);
        try {
            key = new RSAKeyGenerator(2048).keyID("g1").generate();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/token", exchange -> answer(exchange, token(form(exchange))));
        server.createContext("/revoke", exchange -> answer(exchange, revoke(form(exchange))));
        server.createContext(
                "/keys",
                exchange -> answer(exchange, new Reply(200, Map.of(), new JWKSet(key.toPublicJWK()).toString())));
        server.start();
    }

    public String uri(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** A refresh token that works. */
    public String grant() {
        String token = secret("1//refresh");
        refreshTokens.add(token);
        return token;
    }

    public void forget(String refreshToken) {
        refreshTokens.remove(refreshToken);
    }

    /** All tokens and secrets that must be nowhere. */
    public List<String> secretsGiven() {
        List<String> all = new java.util.ArrayList<>(given);
        all.addAll(secrets);
        return all;
    }

    /** The keys of a server that uses it. */
    public Map<String, String> keys() {
        return Map.of(
                "auth.google.client-id", CLIENT_ID,
                "auth.google.client-secret-files", secretFile(SECRET).toString(),
                "auth.google.authorization-uri", uri("/consent"),
                "auth.google.token-uri", uri("/token"),
                "auth.google.revocation-uri", uri("/revoke"),
                "auth.google.issuer", "https://accounts.example",
                "auth.google.jwks-uri", uri("/keys"));
    }

    public static Path secretFile(String secret) {
        try {
            Path file = Files.createTempFile("client-secret", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, secret + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client of it, as the server makes one. */
    public Google client(Duration callTimeout, Path... secretFiles) {
        return client(callTimeout, clock, secretFiles);
    }

    GoogleClient client(Duration callTimeout, InstantSource itsClock, Path... secretFiles) {
        GoogleSettings settings = new GoogleSettings(
                CLIENT_ID,
                secretFiles.length == 0 ? List.of(secretFile(SECRET)) : List.of(secretFiles),
                URI.create(uri("/consent")),
                URI.create(uri("/token")),
                URI.create(uri("/revoke")),
                "https://accounts.example",
                URI.create(uri("/keys")),
                callTimeout);
        BoundedHttp http = new BoundedHttp(callTimeout);
        return new GoogleClient(
                settings,
                http,
                new IdTokens(http, settings, itsClock),
                new Breaker(itsClock),
                new SimpleMeterRegistry());
    }

    private Reply token(Map<String, String> form) {
        calls.add(form);
        onCall.run();
        Reply reply = judge(form);
        if (reply.status() == 200 && "refresh_token".equals(form.get("grant_type"))) {
            Reply changed = mood.apply(reply);
            if (changed.status() == 200) {
                refreshed.incrementAndGet();
            }
            return changed;
        }
        return mood.apply(reply);
    }

    private Reply judge(Map<String, String> form) {
        if (!CLIENT_ID.equals(form.get("client_id")) || !secrets.contains(form.getOrDefault("client_secret", ""))) {
            return new Reply(401, Map.of(), "{\"error\":\"invalid_client\"}");
        }
        boolean code = "authorization_code".equals(form.get("grant_type"));
        if (!code && !refreshTokens.contains(form.getOrDefault("refresh_token", ""))) {
            return new Reply(400, Map.of(), "{\"error\":\"invalid_grant\",\"error_description\":\"Bad Request\"}");
        }
        Reply reply = Reply.of(200)
                .with("access_token", secret("ya29.access"))
                .with("expires_in", life.toSeconds())
                .with("token_type", "Bearer");
        return code
                ? reply.with("scope", "openid a b")
                        .with("refresh_token", grant())
                        .with("id_token", idToken(Map.of()))
                : reply.with("scope", form.getOrDefault("scope", ""));
    }

    /** @param changes of the claims */
    public String idToken(Map<String, Object> changes) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer("https://accounts.example")
                .audience(CLIENT_ID)
                .subject("1089")
                .claim("email", "ada@gmail.example")
                .claim("exp", clock.instant().getEpochSecond() + 3600);
        changes.forEach(claims::claim);
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("g1").build(), claims.build());
        try {
            jwt.sign(new RSASSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return jwt.serialize();
    }

    private Reply revoke(Map<String, String> form) {
        boolean known = refreshTokens.remove(form.getOrDefault("token", ""));
        return known ? Reply.of(200) : new Reply(400, Map.of(), "{\"error\":\"invalid_token\"}");
    }

    /** A new token that this Google knows to have given. */
    public String secret(String prefix) {
        String token = prefix + "-" + numbers.incrementAndGet() + "-" + java.util.UUID.randomUUID();
        given.add(token);
        return token;
    }

    private static void answer(HttpExchange exchange, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(parts[0], URLDecoder.decode(parts[parts.length - 1], StandardCharsets.UTF_8));
        }
        return form;
    }

    /** A fake with a clock of its own. */
    public static FakeGoogle start() {
        return new FakeGoogle(new MovableClock());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
