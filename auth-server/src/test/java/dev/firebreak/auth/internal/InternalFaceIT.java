package dev.firebreak.auth.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople.SignedIn;
import dev.firebreak.trust.ClientAssertions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternalFaceIT extends ServerIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/internal/v1/trust",
                "/auth/internal/v1/ops/users",
                "/auth/internal",
                "/auth/internal/",
                "/auth/internal/v2/trust",
                "/auth//internal/v1/trust",
                "/auth/./internal/v1/trust",
                "/auth/x/../internal/v1/trust",
                "/auth/%69nternal/v1/trust",
                "/auth/internal%2fv1/trust",
                "/auth/internal;x=1/v1/trust",
                "/auth;x/internal/v1/trust",
                "//auth/internal/v1/trust",
                "/auth/INTERNAL/v1/trust"
            })
    void isNotReachedThroughTheMainPort(String path) throws IOException {
        assertThat(statusOf(oauth.main(""), path)).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/livez",
                "/readyz",
                "/auth/login",
                "/auth/oauth2/jwks",
                "/auth/oauth2/token",
                "/auth/.well-known/openid-configuration",
                "/auth/userinfo",
                "/auth/internal",
                "/auth/internal/v2/trust",
                "/auth/internal/v1/../../oauth2/jwks",
                "/auth/internal/v1/%2e%2e/%2e%2e/oauth2/jwks",
                "/auth/internal/v1/..;/..;/oauth2/jwks"
            })
    void answersNothingButInternalCalls(String path) throws IOException {
        assertThat(statusOf(oauth.internalUrl(""), path)).isIn(400, 404);
    }

    @Test
    void servesBothFacesOnTheirOwnPorts() throws IOException {
        assertThat(statusOf(oauth.main(""), "/auth/oauth2/jwks")).isEqualTo(200);
        assertThat(statusOf(oauth.main(""), "/livez")).isEqualTo(200);
        assertThat(statusOf(oauth.internalUrl(""), "/auth/internal/v1/trust")).isEqualTo(401);
    }

    @Test
    void wantsAnAssertionForThisServerWithAnInstance() {
        Answer nothing = oauth.send(HttpRequest.newBuilder(URI.create(oauth.internalUrl("/auth/internal/v1/trust"))));
        Answer wrongAudience = trust(new ClientAssertions(
                "gateway", deployment.key("gateway"), TestDeployment.ISSUER + "/oauth2/token", "g-1", clock));

        assertThat(nothing.status()).isEqualTo(401);
        assertThat(nothing.text("code")).isEqualTo("auth.assertion_invalid");
        assertThat(nothing.header("WWW-Authenticate")).startsWith("Bearer");
        assertThat(wrongAudience.status()).isEqualTo(401);
    }

    @Test
    void takesAnAssertionOnceOverBothFaces() {
        String assertion = oauth.assertion("gateway");
        HttpRequest.Builder call = HttpRequest.newBuilder(URI.create(oauth.internalUrl("/auth/internal/v1/trust")))
                .header("Authorization", "Bearer " + assertion);

        assertThat(oauth.send(call).status()).isEqualTo(200);
        assertThat(oauth.send(call).status()).isEqualTo(401);
        assertThat(oauth.post(
                                "/auth/oauth2/token",
                                Map.of(
                                        "grant_type", "refresh_token",
                                        "refresh_token", "x",
                                        "client_assertion_type",
                                                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                                        "client_assertion", assertion))
                        .text("error"))
                .isEqualTo("invalid_client");
    }

    @Test
    void keepsEachClientToTheCallsOfItsFile() {
        assertThat(call("GET", "/trust", "task-service").status()).isEqualTo(200);
        assertThat(call("POST", "/sessions/" + UUID.randomUUID() + "/end", "gateway")
                        .status())
                .isEqualTo(200);
        assertThat(call("GET", "/ops/users", "operator-cli").status()).isEqualTo(200);

        Answer refused = call("POST", "/sessions/" + UUID.randomUUID() + "/end", "task-service");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text("code")).isEqualTo("auth.client_forbidden");
        assertThat(call("GET", "/trust", "operator-cli").status()).isEqualTo(403);
        assertThat(call("GET", "/ops/users", "gateway").status()).isEqualTo(403);
        assertThat(call("GET", "/trust", "demo-service").status()).isEqualTo(403);
        assertThat(call("GET", "/unknown", "gateway").status()).isEqualTo(403);
    }

    @Test
    void endsASessionAndSaysWhetherItDid() {
        SignedIn ada = people.signIn();
        String refreshToken = oauth.tokens(ada).text("refresh_token");

        Answer first = call("POST", "/sessions/" + ada.sid() + "/end", "gateway");
        Answer again = call("POST", "/sessions/" + ada.sid() + "/end", "gateway");

        assertThat(first.json()).isEqualTo(Map.of("ended", true));
        assertThat(again.json()).isEqualTo(Map.of("ended", false));
        assertThat(oauth.refresh(refreshToken).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void authenticatesWithoutAnySql() {
        statements.reset();

        call("GET", "/trust", "gateway");

        assertThat(requestStatements()).isEmpty();
    }

    private Answer trust(ClientAssertions assertions) {
        return oauth.send(HttpRequest.newBuilder(URI.create(oauth.internalUrl("/auth/internal/v1/trust")))
                .header("Authorization", "Bearer " + assertions.create()));
    }

    private Answer call(String method, String path, String client) {
        return oauth.send(
                oauth.internal("/auth/internal/v1" + path, client).method(method, HttpRequest.BodyPublishers.noBody()));
    }

    /** Raw, because a proper client would tidy the path up first. */
    private static int statusOf(String base, String path) throws IOException {
        URI uri = URI.create(base);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            String line = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return Integer.parseInt(line.split(" ")[1]);
        }
    }
}
