package dev.firebreak.auth.webhook;

import dev.firebreak.auth.event.EventFeed;
import dev.firebreak.contracts.error.EventError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.event.EventAnswer;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one message of each event that a webhook wants, once, whichever nodes try. */
final class HandOver {
    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);
    private static final int PAGE = 200;
    /** So that one webhook's backlog does not keep the others waiting. */
    private static final int MAX_PAGES = 5;

    private final WebhookRepository repository;
    private final EventFeed feed;
    private final InstantSource clock;

    HandOver(WebhookRepository repository, EventFeed feed, InstantSource clock) {
        this.repository = repository;
        this.feed = feed;
        this.clock = clock;
    }

    /** Hands over what is new; true if there is more. Does nothing before this node has read how far the events go. */
    boolean run(Webhook webhook) {
        OptionalLong end = feed.end();
        Optional<UUID> epoch = feed.epoch();
        if (end.isEmpty() || epoch.isEmpty()) {
            return false;
        }
        OptionalLong cursor = repository.findCursor(webhook.id());
        if (cursor.isEmpty()) {
            repository.addMissing(webhook.id(), end.getAsLong());
            return false;
        }
        long before = cursor.getAsLong();
        for (int page = 0; page < MAX_PAGES; page++) {
            if (before >= end.getAsLong()) {
                return false;
            }
            EventAnswer answer = read(webhook, epoch.get(), before);
            if (!repository.handOver(webhook.id(), before, answer.cursor(), answer.events(), clock.instant())) {
                // Another node was quicker, and goes on.
                return false;
            }
            before = answer.cursor();
        }
        return true;
    }

    private EventAnswer read(Webhook webhook, UUID epoch, long after) {
        try {
            return ask(webhook, epoch, after);
        } catch (ServiceException e) {
            if (e.error() != EventError.CURSOR_TOO_OLD) {
                throw e;
            }
            LOG.warn("Webhook {} was away for longer than events are kept, and misses some", webhook.id());
            return ask(webhook, null, 0);
        }
    }

    private EventAnswer ask(Webhook webhook, @Nullable UUID epoch, long after) {
        return feed.answer(new EventFeed.Question(epoch, after, webhook.events(), PAGE));
    }
}
