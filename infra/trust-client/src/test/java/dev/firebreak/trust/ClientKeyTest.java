package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.trust.test.TestClock;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process' own key and what it proves with it. */
class ClientKeyTest {
    @TempDir
    private Path temp;

    @Test
    void isTheSameAfterSavingAndLoading() throws Exception {
        ClientKey key = ClientKey.generate("gateway-1");
        Path file = temp.resolve("gateway.jwk");

        key.save(file);
        ClientKey loaded = ClientKey.load(file);

        assertThat(loaded.kid()).isEqualTo("gateway-1");
        assertThat(loaded.publicJwk()).isEqualTo(key.publicJwk());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void showsNothingPrivate() throws Exception {
        ClientKey key = ClientKey.generate("gateway-1");
        Path file = temp.resolve("gateway.jwk");
        key.save(file);
        String secret = ECKey.parse(Files.readString(file)).getD().toString();

        assertThat(key.toString()).isEqualTo("ClientKey[kid=gateway-1]").doesNotContain(secret);
        assertThat(key.publicJwk().isPrivate()).isFalse();
        assertThat(key.publicJwk().toJSONString()).doesNotContain(secret);
    }

    @Test
    void namesTheFileAndNothingOfItsContentWhenItIsWrong() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
        String secret = key.getD().toString();
        String noKid = new ECKey.Builder(key).keyID(null).build().toJSONString();
        String otherCurve =
                new ECKeyGenerator(Curve.P_384).keyID("k").generate().toJSONString();
        Path file = temp.resolve("broken.jwk");

        for (String content : List.of(
                "",
                "null",
                "{}",
                "{\"kty\":\"EC\",\"d\":\"" + secret,
                key.toPublicJWK().toJSONString(),
                noKid,
                otherCurve,
                key.toJSONString().replace("\"EC\"", "\"oct\""))) {
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThatIllegalStateException()
                    .as(content)
                    .isThrownBy(() -> ClientKey.load(file))
                    .withMessageContaining("broken.jwk")
                    .withMessageNotContaining(secret)
                    .withNoCause();
        }
    }

    @Test
    void refusesAFileThatEverybodyMayReadButNotOneForItsGroup() throws Exception {
        Path file = temp.resolve("open.jwk");
        ClientKey.generate("k").save(file);

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(ClientKey.load(file).kid()).isEqualTo("k");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatIllegalStateException()
                .isThrownBy(() -> ClientKey.load(file))
                .withMessageContainingAll("open.jwk", "chmod 600");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> ClientKey.load(temp.resolve("none.jwk")))
                .withMessageContaining("none.jwk");
    }

    @Test
    void assertsWhoTheClientIsForOneUseWithinAMinute() throws Exception {
        TestClock clock = new TestClock();
        ClientKey key = ClientKey.generate("gateway-1");
        ClientAssertions assertions =
                new ClientAssertions("gateway", key, "http://localhost:8080/auth", "gateway-a", clock);

        SignedJWT assertion = SignedJWT.parse(assertions.create());

        assertThat(assertion.verify(new ECDSAVerifier(key.publicJwk().toECKey())))
                .isTrue();
        assertThat(assertion.getHeader().getKeyID()).isEqualTo("gateway-1");
        JWTClaimsSet claims = assertion.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("gateway");
        assertThat(claims.getSubject()).isEqualTo("gateway");
        assertThat(claims.getAudience()).containsExactly("http://localhost:8080/auth");
        assertThat(claims.getIssueTime()).isEqualTo(TestClock.START);
        assertThat(claims.getExpirationTime()).isEqualTo(TestClock.START.plusSeconds(60));
        assertThat(claims.getStringClaim("instance")).isEqualTo("gateway-a");
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            ids.add(SignedJWT.parse(assertions.create()).getJWTClaimsSet().getJWTID());
        }
        assertThat(ids).hasSize(1_000).doesNotContain(claims.getJWTID());
    }
}
