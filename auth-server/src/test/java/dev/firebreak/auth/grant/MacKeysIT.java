package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.node.TestNodes;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.test.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The life of a MAC key as the tables and this node follow it: verifying, making, old. */
class MacKeysIT extends ServerIT {
    /** Keeps a new key from making tokens until the test lets it. */
    static final String SLOW = "auth-server-slow";

    @Autowired
    MacKeys macKeys;

    @Autowired
    KeyWrapper wrapper;

    @Test
    void aNewKeyIsAcceptedBeforeItMakesTokensAndTheOldOneAfterwards() {
        TestNodes.report(jdbc, SLOW, List.of(), List.of());
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

        TestNodes.remove(jdbc, SLOW);
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
        MacKeys.NewKey key = MacKeys.generate(wrapper);
        assertThat(new MacKeyRepository(jdbc).insertVerifying(key.id(), key.secret(), clock.instant()))
                .isTrue();
        return key.id();
    }

    private void awaitRing(String what, java.util.function.Predicate<MacRing> condition) {
        Eventually.within(Duration.ofSeconds(20), what, () -> condition.test(macKeys.ring()));
    }
}
