package dev.firebreak.auth.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.audit.Actor;
import dev.firebreak.contracts.event.EventType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/webhooks}: who is registered, how much waits, what was given up, and to try that again. */
@RestController
@RequestMapping({"/internal/v1/ops/webhooks", "/api/v1/ops/webhooks"})
class WebhooksController {
    private final Webhooks webhooks;
    private final WebhookRepository repository;
    private final Deliveries deliveries;
    private final WebhookOrders orders;

    WebhooksController(Webhooks webhooks, WebhookRepository repository, Deliveries deliveries, WebhookOrders orders) {
        this.webhooks = webhooks;
        this.repository = repository;
        this.deliveries = deliveries;
        this.orders = orders;
    }

    /**
     * A receiver.
     *
     * @param origin of its URL; the rest may be a secret
     * @param due messages that wait, 10,000 at most
     * @param dead dead letters, 10,000 at most
     * @param paused whether the answering node leaves it alone for a while
     */
    record WebhookView(
            String id, String origin, List<String> events, int secrets, long due, long dead, boolean paused) {}

    record WebhooksView(List<WebhookView> webhooks) {}

    record LetterView(
            long id,
            @JsonProperty("event_id") UUID eventId,
            String type,
            int attempts,
            @Nullable String outcome,
            @JsonProperty("created_at") Instant createdAt,
            @JsonProperty("ended_at") Instant endedAt) {
        static LetterView of(WebhookRepository.DeadLetter letter) {
            return new LetterView(
                    letter.id(),
                    letter.eventId(),
                    letter.eventType(),
                    letter.attempts(),
                    letter.outcome(),
                    letter.createdAt(),
                    letter.endedAt());
        }
    }

    /** @param next the {@code after} of the next page; absent at the end */
    record LettersView(List<LetterView> letters, @Nullable Long next) {}

    /** @param eventId the message; absent = all of them, the oldest 1,000 at most */
    record ReplayBody(
            @JsonProperty("event_id") @Nullable UUID eventId,

            @NotNull(message = "is missing: say why, for the journal")
            @Size(min = 3, max = 500)
            @Pattern(regexp = "[^\\p{Cc}\\p{Cf}]*", message = "must be plain text on one line")
            String reason) {}

    record ReplayedView(
            int replayed, @JsonProperty("journal_seq") long journalSeq) {}

    @GetMapping
    WebhooksView list() {
        List<Webhook> all = webhooks.all();
        Map<String, WebhookRepository.Backlog> backlog =
                repository.backlog(all.stream().map(Webhook::id).toList());
        return new WebhooksView(all.stream()
                .map(webhook -> view(webhook, backlog.getOrDefault(webhook.id(), new WebhookRepository.Backlog(0, 0))))
                .toList());
    }

    private WebhookView view(Webhook webhook, WebhookRepository.Backlog backlog) {
        return new WebhookView(
                webhook.id(),
                webhook.origin(),
                webhook.events().stream().map(EventType::wireName).sorted().toList(),
                webhook.secrets().size(),
                backlog.due(),
                backlog.dead(),
                deliveries.isPaused(webhook.id()));
    }

    @GetMapping("/{id}/dead")
    LettersView dead(
            @PathVariable String id,
            @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
        List<WebhookRepository.DeadLetter> letters = repository.dead(id, after, limit);
        Long next = letters.size() < limit ? null : letters.getLast().id();
        return new LettersView(letters.stream().map(LetterView::of).toList(), next);
    }

    @PostMapping("/{id}/replay")
    ReplayedView replay(@PathVariable String id, @RequestBody @Valid ReplayBody body, Actor actor) {
        WebhookOrders.Replayed replayed = orders.replay(id, body.eventId(), actor, body.reason());
        return new ReplayedView(replayed.count(), replayed.journalSeq());
    }
}
