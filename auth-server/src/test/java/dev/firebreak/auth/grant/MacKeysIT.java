package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.test.Eventually;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The life of a MAC key as the tables and this node follow it: verifying, making, old. */
class MacKeysIT extends ServerIT {
    @Autowired
    MacKeys macKeys;

    @Autowired
    KeyWrapper wrapper;

    @Autowired
    PlatformTransactionManager transactions;

    @Test
    void aNewKeyIsAcceptedBeforeItMakesTokensAndTheOldOneAfterwards() {
        String oldKey = macKeys.ring().making();
        String before = oauth.tokens(people.signIn()).text("refresh_token");
        String newKey = insertVerifying();
        awaitRing("the new key is known", ring -> ring.keys().containsKey(newKey));

        assertThat(macKeys.ring().making()).isEqualTo(oldKey);
        String fromAnotherNode = oauth.tokens(people.signIn()).text("refresh_token");
        UUID family = UUID.fromString(fromAnotherNode.split("\\.")[2]);
        String madeByNew = new MacRing(macKeys.ring().keys(), newKey).make(family, 1, "gateway");
        assertThat(TestOAuth.requireOk(oauth.refresh(madeByNew)).text("refresh_token"))
                .as("a node that promoted it earlier may have made it")
                .startsWith("rt1." + oldKey + ".");

        promote(oldKey, newKey);
        awaitRing("the new key makes", ring -> newKey.equals(ring.making()));

        String after = TestOAuth.requireOk(oauth.refresh(before)).text("refresh_token");
        assertThat(before).startsWith("rt1." + oldKey + ".");
        assertThat(after).startsWith("rt1." + newKey + ".");
        assertThat(oauth.refresh(after).status()).isEqualTo(200);
    }

    @Test
    void isDownOnlyUntilTheKeysWereReadOnce() {
        assertThat(GrantConfiguration.health(MacRing.EMPTY))
                .containsExactly(HealthReason.down("grant.mac_keys_unread"));
        assertThat(GrantConfiguration.health(new MacRing(Map.of("m1", MacRing.key(new byte[32])), null)))
                .containsExactly(HealthReason.degraded("grant.mac_key_missing"));
        assertThat(GrantConfiguration.health(macKeys.ring())).isEmpty();
    }

    private String insertVerifying() {
        byte[] idBytes = new byte[4];
        byte[] secret = new byte[32];
        SecureRandom random = new SecureRandom();
        random.nextBytes(idBytes);
        random.nextBytes(secret);
        String id = "m" + HexFormat.of().formatHex(idBytes);
        byte[] sealed =
                wrapper.wrap(secret, new KeyWrapper.Place("refresh_mac_key", "sealed_secret", id, "refresh-token-mac"));
        jdbc.sql("""
                INSERT INTO refresh_mac_key (id, state, sealed_secret, wrapping_key_id, created_at)
                VALUES (:id, 'verifying', :sealed, :wrappingKey, :now)
                """)
                .param("id", id)
                .param("sealed", sealed)
                .param("wrappingKey", wrapper.keyId())
                .param("now", SqlTime.of(clock.instant()))
                .update();
        return id;
    }

    private void promote(String from, String to) {
        new TransactionTemplate(transactions).executeWithoutResult(status -> {
            jdbc.sql("UPDATE refresh_mac_key SET state = 'old', made_until = :now WHERE id = :id")
                    .param("id", from)
                    .param("now", SqlTime.of(clock.instant()))
                    .update();
            jdbc.sql("UPDATE refresh_mac_key SET state = 'making' WHERE id = :id")
                    .param("id", to)
                    .update();
        });
    }

    private void awaitRing(String what, java.util.function.Predicate<MacRing> condition) {
        Eventually.within(Duration.ofSeconds(20), what, () -> condition.test(macKeys.ring()));
    }
}
