package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class TokenExplanationTest {
    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");
    private static final String ORIGIN = "http://localhost:8080";

    @Test
    void showsClaimsExpiryAndTheCallToTry() {
        assertThat(explain("{\"sub\":\"u1\",\"aud\":\"http://localhost:8080/api\",\"exp\":%d}"
                        .formatted(NOW.getEpochSecond() + 870)))
                .contains("alg        ES256")
                .contains("sub        u1")
                .contains("2026-11-23T09:14:30Z")
                .contains("in 14 min 30 s")
                .contains("$(./firebreak token --as alice)")
                .contains("auth.token_invalid")
                .doesNotContain("This token is such a one");
    }

    @Test
    void saysWhenATokenIsForSomethingElse() {
        assertThat(explain("{\"aud\":[\"http://localhost:8080/ops\"],\"exp\":0}"))
                .contains("This token is such a one")
                .contains("ended");
    }

    @Test
    void showsNoTokenThatSomebodyCouldUse() {
        assertThat(explain("{\"aud\":\"x\",\"exp\":0}")).doesNotContain("signature-part");
    }

    private static String explain(String claims) {
        StringWriter text = new StringWriter();
        String token = encode("{\"alg\":\"ES256\"}") + "." + encode(claims) + ".signature-part";
        new TokenExplanation(token, "./firebreak token --as alice", ORIGIN, NOW)
                .print(new Screen(new PrintWriter(text), false, false));
        return text.toString();
    }

    private static String encode(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
