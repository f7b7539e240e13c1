package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.node.TestNodes;
import dev.firebreak.starter.test.Eventually;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

class MacKeysControllerIT extends ServerIT {
    static final String KEYS = "/auth/internal/v1/ops/refresh-keys";
    static final String SLOW = "auth-server-slow";

    @Autowired
    MacKeys macKeys;

    @AfterEach
    void finish() {
        TestNodes.remove(jdbc, SLOW);
        Eventually.within(
                Duration.ofSeconds(20),
                "no key is on its way",
                () -> key("verifying").isEmpty());
    }

    @Test
    void aRotationWaitsForASlowNodeNamesItAndSignsNobodyOut() {
        TestNodes.report(jdbc, SLOW, List.of(), List.of());
        String former = macKeys.ring().making();
        String before = oauth.tokens(people.signIn()).text("refresh_token");

        Answer ordered = rotate("{\"reason\":\"every quarter\"}");

        assertThat(ordered.status()).isEqualTo(201);
        assertThat(ordered.json())
                .containsOnlyKeys("id", "state", "created_at", "made_until", "waits_for")
                .containsEntry("state", "verifying");
        String fresh = ordered.text("id");
        Eventually.within(
                Duration.ofSeconds(20),
                "only the slow node is waited for",
                () -> key("verifying").get("waits_for").equals(List.of(SLOW)));
        assertThat(rotate("{\"reason\":\"again\"}").text("code")).isEqualTo("refresh_key.rotation_under_way");
        assertThat(macKeys.ring().making()).isEqualTo(former);

        TestNodes.report(jdbc, SLOW, List.of(), List.of(former, fresh));
        Eventually.within(
                Duration.ofSeconds(20),
                "the new key makes",
                () -> fresh.equals(macKeys.ring().making()));

        assertThat(key("making")).containsEntry("id", fresh).containsEntry("made_until", null);
        assertThat(list())
                .anySatisfy(key -> assertThat(key)
                        .containsEntry("id", former)
                        .containsEntry("state", "old")
                        .containsKeys("created_at", "made_until")
                        .containsEntry("waits_for", List.of()));
        String after = TestOAuth.requireOk(oauth.refresh(before)).text("refresh_token");
        assertThat(before).startsWith("rt1." + former + ".");
        assertThat(after).startsWith("rt1." + fresh + ".");
        assertThat(oauth.refresh(after).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"reason\":\" \"}",
                "{\"reason\":\"a\\nforged log line\"}",
                "{\"reason\":\"a\\u2028forged log line\"}",
                "{\"reason\":\"a\\u2029forged log line\"}",
                "{\"reason\":null}"
            })
    void anOrderNeedsAReasonOfOneLine(String body) {
        Answer refused = rotate(body);

        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.raw().body()).contains("/reason");
        assertThat(key("verifying")).isEmpty();
    }

    @Test
    void onlyOperatorsClientsMayOrderAndNobodyFromOutside() {
        assertThat(oauth.send(oauth.internal(KEYS, "gateway")).status()).isEqualTo(403);
        assertThat(oauth.send(oauth.get("/auth/api/v1/ops/refresh-keys")).status())
                .isIn(401, 404);
        assertThat(oauth.send(oauth.get(KEYS)).status()).isEqualTo(404);
    }

    private Answer rotate(String body) {
        return oauth.send(oauth.internal(KEYS + "/rotate", "operator-cli")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> list() {
        return (List<Map<String, Object>>) TestOAuth.requireOk(oauth.send(oauth.internal(KEYS, "operator-cli")))
                .json()
                .get("keys");
    }

    private Map<String, Object> key(String state) {
        return list().stream()
                .filter(key -> key.get("state").equals(state))
                .findFirst()
                .orElse(Map.of());
    }
}
