package dev.firebreak.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionCodecTest {
    static final Session SESSION = new Session(
            "access",
            "refresh",
            "sid",
            "Ålice \uD83D\uDD25",
            "alice@example.com",
            Set.of("user", "operator"),
            Instant.ofEpochSecond(7));

    @Test
    void readsWhatItWrote() {
        assertThat(SessionCodec.decode(SessionCodec.encode(SESSION))).contains(SESSION);
    }

    @Test
    void readsASessionWithoutRoles() {
        Session plain = SESSION.renewed("a2", "r2", Set.of());

        assertThat(SessionCodec.decode(SessionCodec.encode(plain))).contains(plain);
    }

    @Test
    void leavesNewerFormatsToNewerGateways() {
        byte[] newer = SessionCodec.encode(SESSION);
        newer[0] = 2;

        assertThat(SessionCodec.decode(newer)).isEmpty();
    }

    @Test
    void takesACutSessionForABug() {
        byte[] bytes = SessionCodec.encode(SESSION);

        assertThatIllegalStateException().isThrownBy(() -> SessionCodec.decode(Arrays.copyOf(bytes, bytes.length - 1)));
    }

    @Test
    void showsNoToken() {
        assertThat(SESSION).hasToString("Session[sid=sid]");
    }
}
