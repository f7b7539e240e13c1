package dev.firebreak.gateway.session;

import dev.firebreak.contracts.error.ServiceException;

/** What the session cookie of a request turned out to be. */
public sealed interface SessionRead {
    /** No cookie. */
    record None() implements SessionRead {}

    /** A session; whether it has ended is another question. */
    record Found(Session session) implements SessionRead {}

    /** This node cannot open it, another may: the cookie is kept. */
    record NotNow(ServiceException why) implements SessionRead {}

    /** Proof that the cookie is worth nothing: it may be cleared. */
    record Worthless(ServiceException why) implements SessionRead {}
}
