package dev.firebreak.contracts.event;

import java.util.Map;

/** What an event says beside its type and its user. No secret, no address, no name: only ids and words of ours. */
public sealed interface EventData permits ConnectionChanged, SessionRevoked, UserDeleted {
    /** What happened. */
    EventType type();

    /** The same as members of a JSON object: texts, and lists of texts. */
    Map<String, Object> members();
}
