package dev.firebreak.gateway.renewal;

import dev.firebreak.gateway.session.Session;

/** How a renewal went. */
public sealed interface Renewal {
    /**
     * There is a new token.
     *
     * @param sealed the new cookie's value
     */
    record Done(Session session, String sealed, Successors.Held held) implements Renewal {}

    /** The authorization server says that this session is over: the only proof there is. */
    record Ended() implements Renewal {}

    /** The authorization server is away or in trouble; nothing is proved. */
    record Delayed(String reason) implements Renewal {}

    /**
     * This node renews as many as it may, or is at this one already; it has to wait its turn.
     *
     * @param slow this one takes longer than it should, or the last one of this node failed
     */
    record Queued(boolean slow) implements Renewal {}
}
