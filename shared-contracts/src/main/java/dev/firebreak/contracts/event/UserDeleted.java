package dev.firebreak.contracts.event;

import java.util.Map;

/** A user is gone. On the wire {@code {}}: the event's subject says who. */
public record UserDeleted() implements EventData {
    @Override
    public EventType type() {
        return EventType.USER_DELETED;
    }

    @Override
    public Map<String, Object> members() {
        return Map.of();
    }
}
