package dev.firebreak.auth.sso;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SsoSecretTest {
    final SsoSecret secret = SsoSecret.random(new SecureRandom());

    @Test
    void isReadBackFromTheCookie() {
        assertThat(SsoSecret.parse(secret.text()).orElseThrow().hash()).isEqualTo(secret.hash());
    }

    @Test
    void is256BitsAndStoredAsAHashOnly() {
        assertThat(secret.text()).hasSize(43);
        assertThat(secret.hash()).hasSize(32);
    }

    @Test
    void rubbishIsNoSecret() {
        assertThat(SsoSecret.parse("")).isEmpty();
        assertThat(SsoSecret.parse(secret.text() + "A")).isEmpty();
        assertThat(SsoSecret.parse("'; DROP TABLE sso_session; --")).isEmpty();
    }

    @Test
    void showsItselfNowhere() {
        assertThat(secret).hasToString("SsoSecret[***]");
    }
}
