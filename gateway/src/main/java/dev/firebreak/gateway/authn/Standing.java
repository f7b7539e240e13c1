package dev.firebreak.gateway.authn;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.trust.VerifiedToken;

/** How a session stands at this moment. */
sealed interface Standing {
    /**
     * There is a token to call services with.
     *
     * @param delayed the token is due for renewal, which has to wait
     */
    record Usable(Session session, VerifiedToken token, boolean delayed) implements Standing {}

    /** The session stands, but there is no token to send just now. */
    record Paused(Session session, ServiceException why) implements Standing {}

    /** The session is over, with proof. */
    record Ended(ServiceException why) implements Standing {}
}
