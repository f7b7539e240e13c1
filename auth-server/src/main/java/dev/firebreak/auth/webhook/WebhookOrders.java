package dev.firebreak.auth.webhook;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import dev.firebreak.contracts.error.EventError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/** What operators order about messages, and its line in the journal, in one transaction. */
final class WebhookOrders {
    /** In one order; a further one takes the rest. */
    static final int MOST = 1_000;

    private final WebhookRepository repository;
    private final Journal journal;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    WebhookOrders(WebhookRepository repository, Journal journal, TransactionTemplate transaction, InstantSource clock) {
        this.repository = repository;
        this.journal = journal;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** How many messages are due again, and the order's number in the journal. */
    record Replayed(int count, long journalSeq) {}

    /**
     * Makes dead letters due again.
     *
     * @param eventId one of them; absent = the oldest {@link #MOST}
     * @throws ServiceException {@link EventError#NO_DELIVERY} if there is none
     */
    Replayed replay(String webhook, @Nullable UUID eventId, Actor actor, String reason) {
        Replayed replayed = transaction.execute(status -> {
            int count = repository.replay(webhook, eventId, MOST, clock.instant());
            if (count == 0) {
                throw new ServiceException(
                        EventError.NO_DELIVERY, "Webhook %s has no such dead letter.".formatted(webhook));
            }
            return new Replayed(
                    count,
                    journal.append(new Journal.Note(
                            actor, "replay", new Subject(Subject.WEBHOOK, webhook), reason, "dead", "due")));
        });
        if (replayed == null) {
            throw new IllegalStateException("The transaction gave nothing back");
        }
        return replayed;
    }
}
