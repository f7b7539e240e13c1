package dev.firebreak.contracts.event;

import java.util.Map;
import java.util.UUID;

/**
 * A sign-in ended: by its user, by an operator, or with the account. On the wire: {@code {"sid","reason"}}.
 *
 * @param sid the {@code sid} of its tokens
 * @param reason why, as one word of ours
 */
public record SessionRevoked(UUID sid, String reason) implements EventData {
    @Override
    public EventType type() {
        return EventType.SESSION_REVOKED;
    }

    @Override
    public Map<String, Object> members() {
        return Map.of("sid", sid.toString(), "reason", reason);
    }
}
