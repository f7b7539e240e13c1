package dev.firebreak.drill.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class BearerTokenTest {
    private static final String CLAIMS = "eyJzdWIiOiJhIn0";

    private final BearerToken token = new BearerToken(
            encode("{\"kid\":\"first\",\"typ\":\"at+jwt\",\"alg\":\"ES256\"}") + "." + CLAIMS + ".c2ln");

    @Test
    void knowsWhichKeySignedIt() {
        assertThat(token.kid()).isEqualTo("first");
    }

    @Test
    void claimsAnotherKeyAndNothingElse() {
        BearerToken other = token.claimingKey("second");

        assertThat(other.kid()).isEqualTo("second");
        assertThat(other.value())
                .isEqualTo(
                        encode("{\"kid\":\"second\",\"typ\":\"at+jwt\",\"alg\":\"ES256\"}") + "." + CLAIMS + ".c2ln");
    }

    @Test
    void isNotPrinted() {
        assertThat(token.toString()).doesNotContain(CLAIMS).contains("first");
    }

    private static String encode(String header) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8));
    }
}
