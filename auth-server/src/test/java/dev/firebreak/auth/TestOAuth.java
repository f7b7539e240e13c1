package dev.firebreak.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Speaks OAuth to the server like a client and its user's browser; follows no redirect by itself. */
public final class TestOAuth {
    public static final String VERIFIER = "correct-horse-battery-staple-correct-horse-battery-staple";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final TestDeployment deployment;
    private final int mainPort;
    private final int internalPort;
    private final InstantSource clock;

    public TestOAuth(TestDeployment deployment, int mainPort, int internalPort, InstantSource clock) {
        this.deployment = deployment;
        this.mainPort = mainPort;
        this.internalPort = internalPort;
        this.clock = clock;
    }

    /** An answer, its body read as JSON if there is any. */
    public record Answer(int status, Map<String, Object> json, HttpResponse<String> raw) {
        public String text(String member) {
            return String.valueOf(json.get(member));
        }

        public String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }

        /** Parameters of the redirect's target. */
        public Map<String, String> redirectParameters() {
            String query = URI.create(header("Location")).getRawQuery();
            Map<String, String> parameters = new LinkedHashMap<>();
            for (String pair : query.split("&")) {
                String[] parts = pair.split("=", 2);
                parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            return parameters;
        }
    }

    /** The gateway's authorization request, to be changed by the test. */
    public Map<String, String> authorizationRequest() {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", "gateway");
        request.put("redirect_uri", TestDeployment.CALLBACK);
        request.put("scope", "openid profile email tasks:read tasks:write");
        request.put("state", "st&te 1");
        request.put("nonce", "n-0S6");
        request.put("code_challenge", challenge(VERIFIER));
        request.put("code_challenge_method", "S256");
        return request;
    }

    public Answer authorize(Map<String, String> request, String ssoCookie) {
        HttpRequest.Builder builder = get("/auth/oauth2/authorize?" + form(request));
        if (ssoCookie != null) {
            builder.header("Cookie", "firebreak-sso=" + ssoCookie);
        }
        return send(builder);
    }

    /** A code for the gateway. */
    public String code(TestPeople.SignedIn user) {
        Answer answer = authorize(authorizationRequest(), user.cookie());
        if (answer.status() != 303 || !answer.redirectParameters().containsKey("code")) {
            throw new AssertionError("No code: " + answer.status() + " " + answer.header("Location")
                    + answer.raw().body());
        }
        return answer.redirectParameters().get("code");
    }

    /** The gateway exchanges a code. */
    public Answer exchange(String code) {
        return token(
                "gateway",
                Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        code,
                        "redirect_uri",
                        TestDeployment.CALLBACK,
                        "code_verifier",
                        VERIFIER));
    }

    /** Tokens of the gateway for the user; the answer is checked to be 200. */
    public Answer tokens(TestPeople.SignedIn user) {
        return requireOk(exchange(code(user)));
    }

    /** The gateway asks for a token for the operators' endpoints. */
    public Answer exchangeForOps(String accessToken) {
        return token("gateway", opsExchange(accessToken));
    }

    /** The form of that request, to be changed by the test. */
    public static Map<String, String> opsExchange(String accessToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
        form.put("subject_token", accessToken);
        form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
        form.put("audience", TestDeployment.ORIGIN + "/ops");
        return form;
    }

    public Answer refresh(String refreshToken) {
        return token("gateway", Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    public static Answer requireOk(Answer answer) {
        if (answer.status() != 200) {
            throw new AssertionError(answer.status() + " " + answer.raw().body());
        }
        return answer;
    }

    /** A token request of a confidential client. */
    public Answer token(String clientId, Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("client_id", clientId);
        all.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        all.put("client_assertion", assertion(clientId));
        return post("/auth/oauth2/token", all);
    }

    /** A request of the public client. */
    public Answer publicToken(Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("client_id", "firebreak-cli");
        return post("/auth/oauth2/token", all);
    }

    public String assertion(String clientId) {
        return deployment.assertions(clientId, clock).create();
    }

    public Answer post(String path, Map<String, String> form) {
        return send(HttpRequest.newBuilder(URI.create(main(path)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form(form))));
    }

    public HttpRequest.Builder get(String path) {
        return HttpRequest.newBuilder(URI.create(main(path)));
    }

    public HttpRequest.Builder internal(String path, String clientId) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + internalPort + path))
                .header("Authorization", "Bearer " + assertion(clientId));
    }

    public String main(String path) {
        return "http://127.0.0.1:" + mainPort + path;
    }

    public String internalUrl(String path) {
        return "http://127.0.0.1:" + internalPort + path;
    }

    public Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response =
                    http.send(request.timeout(Duration.ofSeconds(20)).build(), HttpResponse.BodyHandlers.ofString());
            requireNoSession(response);
            return new Answer(response.statusCode(), json(response), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** No node keeps state for a browser, so no answer to anything may begin a session. */
    private static void requireNoSession(HttpResponse<String> response) {
        if (response.headers().allValues("Set-Cookie").stream().anyMatch(it -> it.contains("JSESSIONID"))) {
            throw new AssertionError("JSESSIONID set by " + response.uri());
        }
    }

    private static Map<String, Object> json(HttpResponse<String> response) {
        boolean isJson =
                response.headers().firstValue("Content-Type").orElse("").contains("json");
        try {
            return isJson ? JSONObjectUtils.parse(response.body()) : Map.of();
        } catch (ParseException e) {
            throw new IllegalStateException(response.body(), e);
        }
    }

    /** Claims of a JWT, unverified. */
    public static Map<String, Object> claims(String jwt) {
        try {
            return SignedJWT.parse(jwt).getPayload().toJSONObject();
        } catch (ParseException e) {
            throw new IllegalStateException(jwt, e);
        }
    }

    public static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    public static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
