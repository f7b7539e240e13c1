package dev.firebreak.cli.oauth;

import dev.firebreak.trust.retry.PatientHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The token endpoint behind the gateway (RFC 6749, 3.2). */
public final class TokenEndpoint {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final JsonMapper JSON = new JsonMapper();

    private final URI endpoint;
    private final PatientHttp http;
    private final InstantSource clock;

    /** @param issuer for instance {@code http://localhost:8080/auth} */
    public TokenEndpoint(URI issuer, PatientHttp http, InstantSource clock) {
        this.endpoint = URI.create(issuer + "/oauth2/token");
        this.http = http;
        this.clock = clock;
    }

    /**
     * Client credentials, proved by an assertion (RFC 7523, 2.2).
     *
     * @param assertions makes a fresh one for each attempt, because each is taken once
     */
    public Tokens clientCredentials(Supplier<String> assertions, String scope) {
        return tokens(
                () -> http.sendRepeatable(() -> clientCredentials(assertions.get(), scope), BodyHandlers.ofString()));
    }

    private HttpRequest clientCredentials(String assertion, String scope) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "client_credentials");
        fields.put("scope", scope);
        fields.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        fields.put("client_assertion", assertion);
        return request(fields);
    }

    /** Once: a code that comes a second time looks stolen, and ends what the first brought (RFC 6749, 4.1.2). */
    Tokens redeem(String clientId, String code, String redirect, Pkce pkce) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "authorization_code");
        fields.put("client_id", clientId);
        fields.put("code", code);
        fields.put("redirect_uri", redirect);
        fields.put("code_verifier", pkce.verifier());
        HttpRequest request = request(fields);
        return tokens(() -> http.send(() -> request, BodyHandlers.ofString()));
    }

    /** Renews; the answer's refresh token replaces the old one. The server answers a repeated request with the same. */
    public Tokens refresh(String clientId, String refreshToken) {
        HttpRequest request =
                request(Map.of("grant_type", "refresh_token", "client_id", clientId, "refresh_token", refreshToken));
        return tokens(() -> http.sendRepeatable(() -> request, BodyHandlers.ofString()));
    }

    private HttpRequest request(Map<String, String> fields) {
        return HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(Form.encode(fields)))
                .build();
    }

    private interface Exchange {
        HttpResponse<String> run() throws IOException, InterruptedException;
    }

    private Tokens tokens(Exchange exchange) {
        try {
            HttpResponse<String> answer = exchange.run();
            JsonNode json = parse(answer.body());
            if (answer.statusCode() != 200) {
                throw refusal(answer.statusCode(), json);
            }
            return new Tokens(
                    json.path("access_token").asString(""),
                    json.path("refresh_token").asString(null),
                    clock.instant().plusSeconds(json.path("expires_in").asLong(0)));
        } catch (IOException e) {
            throw new OAuthException("nobody answers at " + endpoint + ": " + e, "is the stack up? ./firebreak status");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a token", e);
        }
    }

    private static OAuthException refusal(int status, JsonNode json) {
        String error = json.path("error").asString("HTTP " + status);
        String detail = json.path("error_description").asString("");
        return new OAuthException(
                "the token endpoint refused: " + error + (detail.isEmpty() ? "" : ", " + detail),
                status >= 500 || status == 429
                        ? "try again in a few seconds; ./firebreak status shows what is down"
                        : "see ./firebreak logs auth-server-1");
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }
}
