package dev.firebreak.auth.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;

/** A server without a client at Google, as most of these tests start it. */
class VaultOffIT extends ServerIT {
    @Autowired
    ApplicationContext context;

    @Test
    void hasNoPoolForItAndSaysThatNothingIsConnected() {
        Answer answer = oauth.send(oauth.internal("/auth/internal/v1/vault/token", "calendar-service")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(TestOAuth.form(
                        VaultFaceIT.form(UUID.randomUUID().toString(), "urn:firebreak:params:user-id")))));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.text("code")).isEqualTo("vault.not_connected");
        assertThat(context.containsBean("vaultPool")).isFalse();
    }
}
