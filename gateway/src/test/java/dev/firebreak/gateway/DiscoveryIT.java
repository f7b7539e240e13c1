package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
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
        try (TestGateway fresh = TestGateway.start()) {
            fresh.auth().face().stop();

            Answer answer = fresh.client().get(OPENID);
            Answer keys = fresh.client().get(JWKS);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("auth.unavailable");
            assertThat(keys.status()).isEqualTo(200);

            fresh.auth().face().restart();
            fresh.clock().advance(Duration.ofSeconds(6));
            assertThat(fresh.client().get(OPENID).status()).isEqualTo(200);
        }
    }
}
