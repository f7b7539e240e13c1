package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiscoveryIT extends SharedGatewayIT {
    static final String OPENID = "/auth/.well-known/openid-configuration";
    static final String JWKS = "/auth/oauth2/jwks";

    @ParameterizedTest
    @ValueSource(
            strings = {
                OPENID,
                "/auth/.well-known/oauth-authorization-server",
                "/.well-known/openid-configuration/auth",
                "/.well-known/oauth-authorization-server/auth"
            })
    void servesTheDiscoveryDocumentsAtTheirAddresses(String path) {
        Answer answer = gateway.client().get(path);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.json()).containsEntry("issuer", TestGateway.ISSUER);
    }

    @Test
    void servesTheLastGoodCopyWhileTheAuthorizationServerIsAway() {
        gateway.client().get(OPENID);
        gateway.clock().advance(Duration.ofHours(5));
        gateway.auth().face().stop();

        Answer copy = gateway.client().get(OPENID);

        assertThat(copy.status()).isEqualTo(200);
        assertThat(copy.json()).containsEntry("issuer", TestGateway.ISSUER);
        assertThat(copy.header("Cache-Control")).isEqualTo("public, max-age=60");
    }

    @Test
    void servesTheKeysOfTheTrustDataWhileTheAuthorizationServerIsAway() throws Exception {
        Answer own = gateway.client().get(JWKS);
        gateway.clock().advance(Duration.ofSeconds(6));
        gateway.auth().face().behave(call -> Reply.json(503, "{}"));

        Answer fromTrust = gateway.client().get(JWKS);

        assertThat(own.body()).contains("from-the-server");
        assertThat(own.header("Cache-Control")).isEqualTo("public, max-age=300");
        assertThat(fromTrust.status()).isEqualTo(200);
        JWKSet keys = JWKSet.parse(fromTrust.body());
        assertThat(keys.getKeys()).allSatisfy(key -> assertThat(key.isPrivate()).isFalse());
        assertThat(keys.getKeys())
                .extracting(JWK::getKeyID)
                .containsExactlyInAnyOrderElementsOf(
                        gateway.issuer().snapshot().keys().keySet());
    }

    @Test
    void passesTheTagOnAndAnswersThatNothingHasChanged() {
        gateway.auth()
                .face()
                .behave(call -> gateway.auth()
                        .answer(call)
                        .with("ETag", "\"abc-7\"")
                        .with("Cache-Control", "max-age=240, public, stale-if-error=86400"));
        gateway.clock().advance(Duration.ofSeconds(6));

        Answer full = gateway.client().get(JWKS);
        Answer unchanged = asking(full.header("ETag"));
        Answer among = asking("\"other\", W/\"abc-7\"");
        Answer changed = asking("\"abc-6\"");

        assertThat(full.header("ETag")).isEqualTo("\"abc-7\"");
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.body()).isEmpty();
        assertThat(unchanged.header("ETag")).isEqualTo("\"abc-7\"");
        assertThat(unchanged.header("Cache-Control")).isEqualTo("max-age=240, public, stale-if-error=86400");
        assertThat(unchanged.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(among.status()).isEqualTo(304);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body()).contains("from-the-server");
    }

    @Test
    void copiesHaveATagToo() {
        gateway.client().get(JWKS);
        gateway.clock().advance(Duration.ofSeconds(6));
        gateway.auth().face().behave(call -> Reply.json(503, "{}"));

        Answer fromTrust = gateway.client().get(JWKS);

        assertThat(fromTrust.header("ETag")).matches("\"[0-9a-f]{32}\"");
        assertThat(asking(fromTrust.header("ETag")).status()).isEqualTo(304);
    }

    Answer asking(String ifNoneMatch) {
        return gateway.client().header("If-None-Match", ifNoneMatch).get(JWKS);
    }

    @Test
    void asksAHungServerOnceAndServesTheCopyAtOnceAfterwards() {
        gateway.client().get(OPENID);
        gateway.clock().advance(Duration.ofSeconds(6));
        gateway.auth().face().hang();

        Answer first = gateway.client().get(OPENID);
        List<Answer> others =
                List.of(gateway.client().get(OPENID), gateway.client().get(OPENID));

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.took()).isLessThan(Duration.ofSeconds(3));
        assertThat(others).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(gateway.auth().face().calls(OPENID))
                .as("before and while it hung")
                .hasSize(2);
    }

    @Test
    void saysSoWhenThereIsNoCopyYet() {
        // Nobody listens on port 1 of this machine.
        try (TestGateway fresh = TestGateway.start(Map.of("gateway.auth-upstream", "http://127.0.0.1:1"))) {
            Answer answer = fresh.client().get(OPENID);
            Answer keys = fresh.client().get(JWKS);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("auth.unavailable");
            assertThat(keys.status()).isEqualTo(200);
        }
    }

    @Test
    void hasItsCopiesBeforeAnybodyAsksAndKeepsThemOverARestart(@TempDir Path state) {
        Map<String, String> kept = Map.of("firebreak.trust.state-folder", state.toString());
        Path copy = state.resolve("discovery_auth_well-known_openid-configuration.json");
        try (TestGateway fresh = TestGateway.start(kept)) {
            Eventually.holds("the document is kept", () -> Files.exists(copy));
            fresh.auth().face().stop();
            fresh.clock().advance(Duration.ofSeconds(6));

            assertThat(fresh.client().get(OPENID).json()).containsEntry("issuer", TestGateway.ISSUER);
        }
        try (TestGateway again = TestGateway.start(Map.of(
                "firebreak.trust.state-folder", state.toString(), "gateway.auth-upstream", "http://127.0.0.1:1"))) {
            assertThat(again.client().get(OPENID).json()).containsEntry("issuer", TestGateway.ISSUER);
        }
    }

    @Test
    void asksOnceHoweverManyAskWhileNothingIsKnown() {
        gateway.client().get(OPENID);
        gateway.clock().advance(Duration.ofSeconds(6));
        gateway.auth().face().behave(call -> Reply.json(503, "{}"));

        List<CompletableFuture<Answer>> burst = IntStream.range(0, 50)
                .mapToObj(_ -> gateway.client().getAsync(OPENID))
                .toList();

        assertThat(burst)
                .allSatisfy(answer -> assertThat(answer.join().status()).isEqualTo(200));
        assertThat(gateway.auth().face().calls(OPENID)).hasSize(1);
    }
}
