package dev.firebreak.contracts.event;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Answer of {@code GET /auth/internal/v1/events?epoch=&after=<cursor>&limit=}. On the wire: {@code
 * {"epoch","as_of","full","events":[…],"cursor","more"}}.
 *
 * @param epoch identity of the database; another epoch voids every cursor
 * @param asOf when the answering node read what this answer says
 * @param full true = this begins with the oldest event that is kept, whatever was asked: compare all you have, as events
 *     may have been lost
 * @param events those that the client may see, in order of their numbers
 * @param cursor to be asked with next: everything up to it was looked at
 * @param more true = ask again at once
 */
public record EventAnswer(UUID epoch, Instant asOf, boolean full, List<Event> events, long cursor, boolean more) {
    public EventAnswer {
        events = List.copyOf(events);
    }
}
