package dev.firebreak.auth.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth.Answer;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhooksControllerIT extends ServerIT {
    static final String OPS = "/auth/internal/v1/ops/webhooks";

    @Test
    void listsNoWebhookWhereNoneIsRegistered() {
        Answer answer = oauth.send(oauth.internal(OPS, "operator-cli"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json()).containsEntry("webhooks", List.of());
    }

    @Test
    void showsDeadLettersWithoutTheirBodiesAndReplaysOne() {
        String webhook = "w-" + UUID.randomUUID();
        UUID first = deadLetter(webhook);
        UUID second = deadLetter(webhook);

        Answer letters = oauth.send(oauth.internal(OPS + "/" + webhook + "/dead?limit=1", "operator-cli"));
        Answer replayed = replay(webhook, "{\"event_id\":\"%s\",\"reason\":\"mended\"}".formatted(first));
        Answer again = replay(webhook, "{\"event_id\":\"%s\",\"reason\":\"mended\"}".formatted(first));
        Answer rest = replay(webhook, "{\"reason\":\"mended\"}");

        assertThat(letters.status()).isEqualTo(200);
        assertThat(letters.raw().body()).contains(first.toString()).doesNotContain(second.toString(), "\"body\"");
        assertThat(letters.json().get("next")).isNotNull();
        assertThat(replayed.json()).containsEntry("replayed", 1L).containsKey("journal_seq");
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.text("code")).isEqualTo("events.no_delivery");
        assertThat(rest.json()).containsEntry("replayed", 1L);
        assertThat(jdbc.sql(
                                "SELECT count(*) FROM webhook_delivery WHERE webhook = :w AND state = 'due' AND attempts = 0")
                        .param("w", webhook)
                        .query(Integer.class)
                        .single())
                .isEqualTo(2);
        assertThat(jdbc.sql("SELECT action || ' ' || reason FROM journal WHERE subject = :s")
                        .param("s", "webhook:" + webhook)
                        .query(String.class)
                        .list())
                .containsExactly("replay mended", "replay mended");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"reason\":\"x\"}", "{\"reason\":\"mended\",\"event_id\":\"x\"}", "nonsense"})
    void anOrderThatMeansNothingIsRefused(String body) {
        assertThat(replay("any", body).status()).isEqualTo(400);
    }

    @Test
    void isForOperatorsOnly() {
        assertThat(oauth.send(oauth.internal(OPS, "gateway")).status()).isEqualTo(403);
    }

    private Answer replay(String webhook, String body) {
        return oauth.send(oauth.internal(OPS + "/" + webhook + "/replay", "operator-cli")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private UUID deadLetter(String webhook) {
        UUID event = UUID.randomUUID();
        jdbc.sql("INSERT INTO webhook (id, cursor) VALUES (:id, 0) ON CONFLICT DO NOTHING")
                .param("id", webhook)
                .update();
        jdbc.sql("""
                INSERT INTO webhook_delivery (webhook, event_id, event_type, body, state, attempts, due_at, outcome,
                                              created_at, ended_at)
                VALUES (:webhook, :event, 'user.deleted', '{}', 'dead', 11, now(), 'answered 500', now(), now())
                """).params(Map.of("webhook", webhook, "event", event)).update();
        return event;
    }
}
