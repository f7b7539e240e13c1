package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.security.Security;
import org.junit.jupiter.api.Test;

class CryptoProvidersTest {
    /** The two must agree, or moving to another machine would change verdicts. */
    @Test
    void theFastProviderAndTheJdkAgree() throws Exception {
        TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", new TestClock());
        ECDSAVerifier jdk =
                new ECDSAVerifier(issuer.snapshot().keys().get("test-1").toECKey());
        KeyRing.Key own = KeyRing.of(issuer.snapshot().keys()).find("test-1");

        for (int i = 0; i < 50; i++) {
            SignedJWT token = SignedJWT.parse(issuer.accessToken());
            byte[] input = token.getSigningInput();
            byte[] tampered = input.clone();
            tampered[i] ^= 1;

            assertThat(jdk.verify(new JWSHeader(JWSAlgorithm.ES256), input, token.getSignature()))
                    .isTrue();
            assertThat(own.verifies(JWSAlgorithm.ES256, input, token.getSignature()))
                    .isTrue();
            assertThat(own.verifies(JWSAlgorithm.ES256, tampered, token.getSignature()))
                    .isFalse();
        }
    }

    @Test
    void loadsOnTheMachinesWeRunOn() {
        boolean expected = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");

        assertThat(CryptoProviders.fast().isPresent()).isEqualTo(expected);
    }

    @Test
    void leavesTheRestOfTheProcessAlone() {
        CryptoProviders.fast();

        assertThat(Security.getProvider("AmazonCorrettoCryptoProvider")).isNull();
    }
}
