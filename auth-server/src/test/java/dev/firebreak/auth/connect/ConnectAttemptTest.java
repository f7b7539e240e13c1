package dev.firebreak.auth.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.vault.GoogleService;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectAttemptTest {
    static ConnectAttempt attempt(String sub) {
        return new ConnectAttempt(
                "state", "verifier", new UUID(1, 2), GoogleService.DRIVE, sub, true, Instant.ofEpochSecond(1_000));
    }

    @Test
    void comesBackAsItWas() {
        assertThat(ConnectAttempt.parse(attempt("123").toText())).contains(attempt("123"));
        assertThat(ConnectAttempt.parse(attempt(null).toText())).contains(attempt(null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1\na\nb\nc\ndrive\n\n",
                "1\na\nb\n00000000-0000-0000-0000-000000000001\nphotos\n\n",
                "a\n1\nb\n00000000-0000-0000-0000-000000000001\ndrive\n\n"
            })
    void ofAnotherVersionIsNone(String text) {
        assertThat(ConnectAttempt.parse(text)).isEmpty();
    }

    @Test
    void knowsItsStateAndItsAccount() {
        assertThat(attempt(null).isStateOf("state")).isTrue();
        assertThat(attempt(null).isStateOf("")).isFalse();
        assertThat(attempt(null).isMeant("1")).isTrue();
        assertThat(attempt("2").isMeant("1")).isFalse();
    }

    /** RFC 7636, appendix B. */
    @Test
    void hidesTheVerifierFromGoogleAndFromLogs() {
        ConnectAttempt attempt = new ConnectAttempt(
                "state",
                "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
                new UUID(1, 2),
                GoogleService.DRIVE,
                null,
                false,
                Instant.EPOCH);

        assertThat(attempt.challenge()).isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assertThat(attempt.toString()).doesNotContain("dBjft", "state");
    }
}
