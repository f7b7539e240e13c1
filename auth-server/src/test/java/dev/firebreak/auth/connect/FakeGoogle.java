package dev.firebreak.auth.connect;

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
import dev.firebreak.auth.TestOAuth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * As much of Google as connecting needs, by its documentation: codes bound to a challenge and an address, a refresh token
 * only with the first consent or with {@code prompt=consent}, scopes that add up. The consent page is a method: what the
 * person at it does.
 */
final class FakeGoogle implements AutoCloseable {
    static final String CLIENT_ID = "firebreak-test.apps.example";
    static final String SECRET = "GOCSPX-secret";

    private final HttpServer server;
    private final RSAKey key;
    private final Map<String, Consent> codes = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> granted = new ConcurrentHashMap<>();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private final List<String> refreshTokens = new CopyOnWriteArrayList<>();
    private final List<String> accessTokens = new CopyOnWriteArrayList<>();
    private volatile String failure = "";
    private volatile int status = 200;
    private volatile boolean mean;

    /** Somebody's Google account. */
    record Person(String sub, String email) {
        static Person fresh() {
            String sub = String.valueOf(UUID.randomUUID().getMostSignificantBits() & Long.MAX_VALUE);
            return new Person(sub, "g" + sub + "@gmail.example");
        }
    }

    private record Consent(Map<String, String> request, Person person, boolean lasting) {}

    private FakeGoogle() {
        try {
            key = new RSAKeyGenerator(2048).keyID("g1").generate();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/token", this::token);
        server.createContext("/revoke", this::revoke);
        server.createContext("/certs", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toJSONObject()));
        server.start();
    }

    static FakeGoogle start() {
        return new FakeGoogle();
    }

    String url(String path) {
        return "http://localhost:" + server.getAddress().getPort() + path;
    }

    /** The keys by which a server finds this one. */
    void configure(DynamicPropertyRegistry registry) {
        registry.add("auth.google.client-id", () -> CLIENT_ID);
        registry.add("auth.google.client-secret-files", FakeGoogle::secretFile);
        registry.add("auth.google.authorization-uri", () -> url("/authorize"));
        registry.add("auth.google.token-uri", () -> url("/token"));
        registry.add("auth.google.revocation-uri", () -> url("/revoke"));
        registry.add("auth.google.issuer", () -> "https://accounts.google.example");
        registry.add("auth.google.jwks-uri", () -> url("/certs"));
    }

    private static String secretFile() {
        try {
            return Files.writeString(Files.createTempFile("google-secret", ".txt"), SECRET)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As it was at the start, but what people allowed stays. */
    void reset() {
        failure = "";
        status = 200;
        mean = false;
        revoked.clear();
    }

    /** The token endpoint and the end of grants answer with this from now on. */
    void fail(int newStatus, String error) {
        status = newStatus;
        failure = error;
    }

    /** Gives no refresh token any more, whatever is asked. */
    void giveNoLastingAccess() {
        mean = true;
    }

    List<String> revoked() {
        return revoked;
    }

    String lastRefreshToken() {
        return refreshTokens.getLast();
    }

    /** Every token that was ever given. */
    List<String> everyToken() {
        return java.util.stream.Stream.concat(refreshTokens.stream(), accessTokens.stream())
                .toList();
    }

    /** The person sees this address, chooses an account and allows all; answers the query of the callback. */
    String allow(String authorization, Person person) {
        return allow(authorization, person, Set.of());
    }

    /** The same, but leaves boxes unticked. */
    String allow(String authorization, Person person, Set<String> unticked) {
        Map<String, String> request = query(URI.create(authorization).getRawQuery());
        Set<String> asked = new TreeSet<>(Arrays.asList(request.get("scope").split(" ")));
        asked.removeAll(unticked);
        boolean first = !granted.containsKey(person.sub());
        granted.merge(person.sub(), asked, (before, more) -> {
            Set<String> all = new TreeSet<>(before);
            all.addAll(more);
            return all;
        });
        String code = "4/" + UUID.randomUUID();
        boolean lasting = !mean && (first || request.getOrDefault("prompt", "").contains("consent"));
        codes.put(code, new Consent(request, person, lasting));
        return "state=" + request.get("state") + "&code=" + code + "&scope=x&authuser=0&prompt=consent";
    }

    /** The query of an answer without a code. */
    static String refuse(String authorization, String error) {
        return "state=" + query(URI.create(authorization).getRawQuery()).get("state") + "&error=" + error;
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = query(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (status != 200) {
            answer(exchange, status, Map.of("error", failure));
            return;
        }
        Consent consent = codes.remove(form.getOrDefault("code", ""));
        boolean good = consent != null
                && SECRET.equals(form.get("client_secret"))
                && CLIENT_ID.equals(form.get("client_id"))
                && consent.request().get("redirect_uri").equals(form.get("redirect_uri"))
                && consent.request()
                        .get("code_challenge")
                        .equals(TestOAuth.challenge(form.getOrDefault("code_verifier", "")));
        if (!good) {
            answer(exchange, 400, Map.of("error", "invalid_grant"));
            return;
        }
        Map<String, Object> tokens = new LinkedHashMap<>();
        accessTokens.add("ya29." + UUID.randomUUID());
        tokens.put("access_token", accessTokens.getLast());
        tokens.put("expires_in", 3599);
        tokens.put("token_type", "Bearer");
        tokens.put("scope", String.join(" ", granted.get(consent.person().sub())));
        tokens.put("id_token", idToken(consent.person()));
        if (consent.lasting()) {
            refreshTokens.add("1//" + UUID.randomUUID());
            tokens.put("refresh_token", refreshTokens.getLast());
        }
        answer(exchange, 200, tokens);
    }

    private void revoke(HttpExchange exchange) throws IOException {
        Map<String, String> form = query(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        if (status == 200) {
            revoked.add(form.get("token"));
        }
        answer(exchange, status, status == 200 ? Map.of() : Map.of("error", failure));
    }

    private String idToken(Person person) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("g1").build(),
                    new JWTClaimsSet.Builder()
                            .issuer("https://accounts.google.example")
                            .audience(CLIENT_ID)
                            .subject(person.sub())
                            .claim("email", person.email())
                            .claim(
                                    "exp",
                                    Instant.now().plusSeconds(365L * 86_400).getEpochSecond())
                            .build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        try (exchange) {
            byte[] bytes = JSONObjectUtils.toJSONString(body).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    static Map<String, String> query(String text) {
        return Arrays.stream(text.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> pair[0],
                        pair -> URLDecoder.decode(pair.length > 1 ? pair[1] : "", StandardCharsets.UTF_8),
                        (first, second) -> first,
                        LinkedHashMap::new));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
