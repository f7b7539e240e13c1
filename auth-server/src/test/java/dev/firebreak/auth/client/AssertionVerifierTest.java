package dev.firebreak.auth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssertionVerifierTest {
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    static final Set<String> AUDIENCES = Set.of(TestDeployment.ISSUER, TestDeployment.ISSUER + "/oauth2/token");

    final TestDeployment deployment = new TestDeployment();
    final AssertionVerifier verifier = TestClients.verifier(deployment, InstantSource.fixed(NOW));

    @TempDir
    Path folder;

    JWSSigner signer;

    @BeforeEach
    void key() throws Exception {
        Path file = folder.resolve("gateway.jwk");
        deployment.key("gateway").save(file);
        signer = new ECDSASigner(ECKey.parse(Files.readString(file)));
    }

    @Test
    void acceptsWhatOurOwnProcessesMake() {
        String assertion =
                deployment.assertions("gateway", InstantSource.fixed(NOW)).create();

        AssertionVerifier.Proof proof = verifier.verify(assertion, AUDIENCES);

        assertThat(proof.client().id()).isEqualTo("gateway");
        assertThat(proof.instance()).isEqualTo("gateway-test");
    }

    @Test
    void acceptsTheSameClaimsOnce() throws Exception {
        String assertion = sign(claims());

        verifier.verify(assertion, AUDIENCES);

        refused(assertion);
    }

    @Test
    void noticesAReplayForAsLongAsTheAssertionWouldBeTaken() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(NOW);
        AssertionVerifier moving = TestClients.verifier(deployment, now::get);
        Map<String, Object> claims = claims();
        claims.put("iat", NOW.getEpochSecond() + 30);
        claims.put("exp", NOW.getEpochSecond() + 90);
        String assertion = sign(claims);
        moving.verify(assertion, AUDIENCES);

        for (int second = 1; second < 120; second++) {
            now.set(NOW.plusSeconds(second));
            assertThatExceptionOfType(ServiceException.class)
                    .isThrownBy(() -> moving.verify(assertion, AUDIENCES))
                    .satisfies(e -> assertThat(e.getCause()).hasMessage("replayed"));
        }
    }

    @Test
    void acceptsAListOfAudiencesAndAClockThatIsALittleOff() throws Exception {
        accepted("aud", List.of("https://elsewhere", TestDeployment.ISSUER));
        accepted("iat", NOW.getEpochSecond() + 30, "exp", NOW.getEpochSecond() + 60);
        accepted("iat", NOW.getEpochSecond() - 89, "exp", NOW.getEpochSecond() - 29);
        accepted("nbf", NOW.getEpochSecond() + 30);
    }

    @Test
    void refusesClaimsThatProveNothing() throws Exception {
        refusedWith("iss", "task-service");
        refusedWith("sub", "nobody");
        refusedWith("sub", 5);
        refusedWith("aud", "https://elsewhere");
        refusedWith("aud", List.of());
        refusedWith("jti", "");
        refusedWith("jti", "x".repeat(129));
        refusedWith("jti", 7);
        refusedWith("exp", "tomorrow");
        refusedWith("exp", Long.MAX_VALUE);
        refusedWith("exp", NOW.getEpochSecond() - 30);
        refusedWith("exp", NOW.getEpochSecond() + 61);
        refusedWith("iat", NOW.getEpochSecond() + 31);
        refusedWith("nbf", NOW.getEpochSecond() + 31);
        for (String claim : List.of("iss", "sub", "aud", "jti", "exp", "iat")) {
            Map<String, Object> claims = claims();
            claims.remove(claim);
            refused(sign(claims));
        }
    }

    @Test
    void refusesOtherKeysAndAlgorithms() throws Exception {
        JWSHeader unknownKey =
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("other").build();
        JWSHeader noKey = new JWSHeader.Builder(JWSAlgorithm.ES256).build();
        JWSHeader hmac =
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("gateway-1").build();

        refused(sign(unknownKey, claims(), signer));
        refused(sign(noKey, claims(), signer));
        refused(sign(hmac, claims(), new MACSigner(new byte[32])));
        String good = sign(claims());
        refused(good.substring(0, good.lastIndexOf('.') + 1));
        refused("eyJhbGciOiJub25lIn0." + good.split("\\.")[1] + ".");
    }

    @Test
    void refusesAnotherClientsSignature() throws Exception {
        Map<String, Object> claims = claims();
        claims.put("iss", "task-service");
        claims.put("sub", "task-service");

        refused(sign(claims));
    }

    @Test
    void refusesRubbishOfAnySize() {
        refused("");
        refused("a.b.c");
        refused("x".repeat(100_000));
        refused("eyJhbGciOiJFUzI1NiJ9.bm8ganNvbg.AAAA");
    }

    @Test
    void saysUnavailableWhenItCannotRememberMore() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        AssertionVerifier small =
                new AssertionVerifier(TestClients.of(deployment), 4, InstantSource.fixed(NOW), metrics);
        small.verify(sign(claims()), AUDIENCES);
        small.verify(sign(claims()), AUDIENCES);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> small.verify(sign(claims()), AUDIENCES))
                .extracting(ServiceException::error)
                .isEqualTo(AuthError.UNAVAILABLE);
        assertThat(refusals(metrics, "unremembered")).isEqualTo(1);
    }

    @Test
    void countsRefusalsByReason() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        AssertionVerifier counting =
                new AssertionVerifier(TestClients.of(deployment), 1000, InstantSource.fixed(NOW), metrics);
        String assertion = sign(claims());
        counting.verify(assertion, AUDIENCES);
        assertThat(refusals(metrics, "not_now")).as("there from the start").isZero();
        assertThat(refusals(metrics, "unknown_key")).as("there from the start").isZero();

        for (String refused : List.of(assertion, assertion, "a.b.c")) {
            assertThatExceptionOfType(ServiceException.class).isThrownBy(() -> counting.verify(refused, AUDIENCES));
        }

        assertThat(refusals(metrics, "replayed")).isEqualTo(2);
        assertThat(refusals(metrics, "malformed")).isEqualTo(1);
    }

    private static double refusals(SimpleMeterRegistry metrics, String reason) {
        return metrics.get("auth.assertions.refused")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private static Map<String, Object> claims() {
        Map<String, Object> claims = new HashMap<>();
        claims.put("iss", "gateway");
        claims.put("sub", "gateway");
        claims.put("aud", TestDeployment.ISSUER);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", NOW.getEpochSecond());
        claims.put("exp", NOW.getEpochSecond() + 60);
        return claims;
    }

    private String sign(Map<String, Object> claims) throws Exception {
        return sign(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("gateway-1").build(), claims, signer);
    }

    private static String sign(JWSHeader header, Map<String, Object> claims, JWSSigner by) throws Exception {
        JWSObject jws = new JWSObject(header, new Payload(claims));
        jws.sign(by);
        return jws.serialize();
    }

    private void accepted(Object... changes) throws Exception {
        Map<String, Object> claims = claims();
        for (int i = 0; i < changes.length; i += 2) {
            claims.put((String) changes[i], changes[i + 1]);
        }
        assertThat(verifier.verify(sign(claims), AUDIENCES).client().id()).isEqualTo("gateway");
    }

    private void refusedWith(String claim, Object value) throws Exception {
        Map<String, Object> claims = claims();
        claims.put(claim, value);
        refused(sign(claims));
    }

    private void refused(String assertion) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> verifier.verify(assertion, AUDIENCES))
                .satisfies(e -> assertThat(e.error()).isEqualTo(AuthError.ASSERTION_INVALID))
                .satisfies(e -> assertThat(e.getMessage()).isEqualTo("The client assertion is not valid."));
    }
}
