package dev.firebreak.auth.event;

import dev.firebreak.contracts.event.EventData;
import java.util.UUID;

/** Tells services and webhooks what happened to a user. */
public interface Events {
    /**
     * Publishes one event with the caller's transaction: told once if that commits, and never if it does not. It is written
     * as the last thing before the commit, so that the lock on the numbers, which all publishers share, is held for a moment
     * only and is nobody's first. A state change and its event belong into one method; who publishes only when a row really
     * changed tells of each change exactly once.
     *
     * @param subject the user's id
     * @throws IllegalStateException outside a transaction on this pool
     */
    void publish(UUID subject, EventData data);
}
