package dev.firebreak.auth.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestServer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else's verifier, which knows nothing but the published key set and keeps it as its library likes. */
class JwksConsumerIT {
    /** The defaults give up after half a second, which a busy machine may need for an honest answer. */
    private static final int HTTP_MS = (int) Duration.ofSeconds(5).toMillis();

    private static final int HTTP_BYTES = 64 * 1024;

    TestServer server;
    DefaultJWTProcessor<SecurityContext> consumer;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(4);
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                        URI.create(server.oauth.main("/auth/oauth2/jwks")).toURL(),
                        new DefaultResourceRetriever(HTTP_MS, HTTP_MS, HTTP_BYTES))
                .build();
        consumer = new DefaultJWTProcessor<>();
        consumer.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        consumer.setJWSKeySelector(
                new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256), keys));
        // The library's own check of times asks the system's clock, and the server's is another.
        consumer.setJWTClaimsSetVerifier((claims, context) -> {
            boolean over = !claims.getExpirationTime().toInstant().isAfter(server.clock.instant());
            if (over || !TestDeployment.ISSUER.equals(claims.getIssuer())) {
                throw new BadJWTException("Expired, or of another issuer");
            }
        });
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void followsAForcedRotationWithoutRefusingAnyToken() throws Exception {
        String before = token();
        String oldKid = accept(before);
        Set<String> signers = new LinkedHashSet<>(Set.of(oldKid));

        CompletableFuture<Answer> rotation = CompletableFuture.supplyAsync(this::rotate);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int during = 0;
        // On until tokens come from the new key; each must be accepted when it is seconds old at most.
        while (signers.size() < 2 && System.nanoTime() < until) {
            signers.add(accept(token()));
            assertThat(accept(before)).isEqualTo(oldKid);
            during++;
        }
        Answer answer = rotation.get(30, TimeUnit.SECONDS);

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(signers)
                .as("%d tokens during the rotation", during)
                .hasSize(2)
                .contains(oldKid);
        assertThat(accept(token())).isNotEqualTo(oldKid);
        assertThat(accept(before)).as("a token of the retiring key").isEqualTo(oldKid);
    }

    /** Verifies a token; answers the id of the key that did it. */
    private String accept(String token) throws Exception {
        assertThat(consumer.process(token, null).getSubject()).isEqualTo("demo-service");
        return SignedJWT.parse(token).getHeader().getKeyID();
    }

    private String token() {
        return server.oauth
                .token("demo-service", Map.of("grant_type", "client_credentials"))
                .text("access_token");
    }

    private Answer rotate() {
        return server.oauth.send(server.oauth
                .internal(KeysControllerIT.KEYS + "/rotate", "operator-cli")
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"reason\":\"consumers must not notice\",\"force\":true}")));
    }
}
