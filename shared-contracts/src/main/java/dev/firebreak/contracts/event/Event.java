package dev.firebreak.contracts.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Something that happened to a user. On the wire: {@code {"seq","id","type","timestamp","subject","data":{…}}}; time as
 * RFC 3339 in UTC.
 *
 * @param seq its number: order of numbers is order of commits, without gaps within an epoch
 * @param id the same wherever and however often it is told; whoever keeps it does nothing twice
 * @param type wire name of an {@link EventType}, or of one of a newer version, to be skipped
 * @param timestamp when it happened, by the clock of the node that noted it
 * @param subject the user's id
 * @param data members of the {@link EventData}
 */
public record Event(long seq, UUID id, String type, Instant timestamp, UUID subject, Map<String, Object> data) {
    public Event {
        data = Map.copyOf(data);
    }
}
