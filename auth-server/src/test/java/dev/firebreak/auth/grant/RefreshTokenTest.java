package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class RefreshTokenTest {
    static final UUID FAMILY = UUID.fromString("0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
    static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    static final MacRing RING = new MacRing(Map.of("m1", MacRing.key(SECRET)), "m1");

    @Test
    void isWhatTheContractSays() throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
        String covered = "rt1.m1." + FAMILY + ".3.gateway";

        assertThat(RING.make(FAMILY, 3, "gateway"))
                .isEqualTo("rt1.m1." + FAMILY + ".3."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(mac.doFinal(covered.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void isRecognisedByTheRingThatMadeIt() {
        RefreshToken token = parse(RING.make(FAMILY, 3, "gateway"));

        assertThat(token.family()).isEqualTo(FAMILY);
        assertThat(token.generation()).isEqualTo(3);
        assertThat(RING.made(token, "gateway")).isTrue();
    }

    @Test
    void isNobodyElses() {
        RefreshToken token = parse(RING.make(FAMILY, 3, "gateway"));
        MacRing other = new MacRing(Map.of("m1", MacRing.key(new byte[32])), "m1");

        assertThat(RING.made(token, "gateway2")).isFalse();
        assertThat(other.made(token, "gateway")).isFalse();
        assertThat(RING.made(new RefreshToken("m1", FAMILY, 4, token.mac()), "gateway"))
                .isFalse();
        assertThat(RING.made(new RefreshToken("m1", UUID.randomUUID(), 3, token.mac()), "gateway"))
                .isFalse();
    }

    @Test
    void isNotJudgedWithoutItsKey() {
        RefreshToken token = parse(RING.make(FAMILY, 3, "gateway"));

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> MacRing.EMPTY.made(token, "gateway"))
                .extracting(ServiceException::error)
                .isEqualTo(AuthError.UNAVAILABLE);
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> MacRing.EMPTY.make(FAMILY, 1, "gateway"))
                .extracting(ServiceException::error)
                .isEqualTo(AuthError.UNAVAILABLE);
    }

    @Test
    void isAcceptedUnderAKeyThatMakesNoMore() {
        String old = RING.make(FAMILY, 3, "gateway");
        MacRing rolled = new MacRing(Map.of("m1", MacRing.key(SECRET), "m2", MacRing.key(new byte[32])), "m2");

        assertThat(rolled.made(parse(old), "gateway")).isTrue();
        assertThat(rolled.make(FAMILY, 4, "gateway")).startsWith("rt1.m2.");
    }

    @Test
    void hasExactlyOneForm() {
        String good = RING.make(FAMILY, 3, "gateway");

        for (String bad : new String[] {
            "",
            "rt1",
            good + ".",
            good + "A",
            " " + good,
            good.replace("rt1.", "rt2."),
            good.replace(".3.", ".03."),
            good.replace(".3.", ".0."),
            good.replace(".3.", ".-3."),
            good.replace(".3.", ".9999999999999999999."),
            good.replace("0193a1b2", "0193A1B2"),
            good.replace("m1", "M1"),
            good.substring(0, good.length() - 1)
        }) {
            assertThat(RefreshToken.parse(bad)).as(bad).isEmpty();
        }
    }

    @Test
    void showsNoMac() {
        assertThat(parse(RING.make(FAMILY, 3, "gateway"))).hasToString("RefreshToken[m1, " + FAMILY + ", 3]");
        assertThat(RING.toString()).isEqualTo("MacRing[[m1], revoked [], making m1]");
    }

    private static RefreshToken parse(String token) {
        return RefreshToken.parse(token).orElseThrow();
    }
}
