package dev.firebreak.auth.event;

import dev.firebreak.contracts.event.EventType;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Where the events end, as last read. Immutable.
 *
 * @param seq number of the last one
 * @param purged the highest number that was deleted after its time
 * @param lastOf number of the last one of each type; 0 = none is kept
 * @param readAt when the read of it began
 */
record EventHead(UUID epoch, long seq, long purged, Map<EventType, Long> lastOf, Instant readAt) {
    EventHead {
        lastOf = Map.copyOf(lastOf);
    }

    /** Number of the last one of any of these types. */
    long last(Set<EventType> types) {
        return types.stream()
                .mapToLong(type -> lastOf.getOrDefault(type, 0L))
                .max()
                .orElse(0);
    }
}
