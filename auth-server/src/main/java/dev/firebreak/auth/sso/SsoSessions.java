package dev.firebreak.auth.sso;

import java.util.Optional;
import java.util.UUID;

/** The sign-ins of browsers, for other modules. */
public interface SsoSessions {
    /** The session with this public id, ended and expired ones excluded. */
    Optional<SsoSession> find(UUID sid);

    /**
     * Ends the session, its refresh families, and what verifiers still accept of it, in one transaction. Idempotent.
     *
     * @return false if it had ended before or never existed
     */
    boolean end(UUID sid, String reason);
}
