package dev.firebreak.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LoginAttemptTest {
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void readsWhatItWrote() {
        LoginAttempt attempt = LoginAttempt.start("/tasks", NOW, new SecureRandom());

        assertThat(LoginAttempt.decode(attempt.state(), attempt.encode())).contains(attempt);
    }

    @Test
    void hasSecretsOfItsOwnEachTime() {
        LoginAttempt one = LoginAttempt.start("/", NOW, new SecureRandom());
        LoginAttempt other = LoginAttempt.start("/", NOW, new SecureRandom());

        assertThat(one.state()).isNotEqualTo(other.state());
        assertThat(one.nonce()).isNotEqualTo(other.nonce()).isNotEqualTo(one.state());
        assertThat(one.verifier()).hasSize(43).isNotEqualTo(other.verifier());
        assertThat(LoginAttempt.isState(one.state())).isTrue();
        assertThat(one.toString()).doesNotContain(one.verifier(), one.nonce(), one.state());
    }

    @Test
    void challengesByTheHashOfTheVerifier() {
        // RFC 7636, appendix B.
        LoginAttempt attempt = new LoginAttempt("s", "n", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "/", NOW);

        assertThat(attempt.challenge()).isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    @Test
    void looksForNoOddStates() {
        for (String odd : new String[] {"", "short", "a".repeat(23), "a".repeat(21) + ";", "a".repeat(21) + "="}) {
            assertThat(LoginAttempt.isState(odd)).as(odd).isFalse();
        }
    }
}
