package dev.firebreak.auth.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;

/** How many messages wait and how many were given up, by webhook; as many label values as there are files. */
final class BacklogGauges {
    private final WebhookRepository repository;
    private final Webhooks webhooks;
    private final MultiGauge due;
    private final MultiGauge dead;

    BacklogGauges(WebhookRepository repository, Webhooks webhooks, MeterRegistry metrics) {
        this.repository = repository;
        this.webhooks = webhooks;
        this.due = MultiGauge.builder("auth.webhooks.due")
                .description("Messages that wait for their next attempt, 10,000 at most")
                .register(metrics);
        this.dead = MultiGauge.builder("auth.webhooks.dead")
                .description("Messages that were given up and not replayed, 10,000 at most")
                .register(metrics);
    }

    void look() {
        List<String> ids = webhooks.all().stream().map(Webhook::id).toList();
        Map<String, WebhookRepository.Backlog> backlog = ids.isEmpty() ? Map.of() : repository.backlog(ids);
        due.register(rows(ids, backlog, true), true);
        dead.register(rows(ids, backlog, false), true);
    }

    private static List<MultiGauge.Row<?>> rows(
            List<String> ids, Map<String, WebhookRepository.Backlog> backlog, boolean due) {
        return ids.stream()
                .<MultiGauge.Row<?>>map(id -> {
                    WebhookRepository.Backlog of = backlog.getOrDefault(id, new WebhookRepository.Backlog(0, 0));
                    return MultiGauge.Row.of(Tags.of("webhook", id), due ? of.due() : of.dead());
                })
                .toList();
    }
}
