package dev.firebreak.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;

class RefreshTokenHashesTest {
    static final String TOKEN = "1//0gabcdefghijklmnopqrstuvwxyz";

    @Test
    void findARowByTheBeginningOfItsToken() {
        assertThat(RefreshTokenHashes.ofPrefix(TOKEN))
                .isEqualTo(RefreshTokenHashes.ofPrefix(TOKEN.substring(0, 16)))
                .isNotEqualTo(RefreshTokenHashes.ofPrefix(TOKEN.substring(0, 15)))
                .hasSize(32);
        assertThat(RefreshTokenHashes.ofPrefix("1//")).hasSize(32);
    }

    @Test
    void findARowByGooglesOwnHashOfItsToken() throws Exception {
        MessageDigest sha512 = MessageDigest.getInstance("SHA-512");
        byte[] google = sha512.digest(sha512.digest(TOKEN.getBytes(StandardCharsets.UTF_8)));

        assertThat(RefreshTokenHashes.ofGoogleHash(TOKEN))
                .isEqualTo(MessageDigest.getInstance("SHA-256").digest(google));
    }
}
