package dev.firebreak.auth.grant;

import java.util.UUID;

/** Ends refresh families; joins the caller's transaction. Tokens already issued need a revocation as well. */
public interface RefreshFamilies {
    /** Ends every live family of the session; answers how many. */
    int endOfSession(UUID sid, String reason);

    /** Ends every live family of the user; answers how many. */
    int endOfUser(UUID userId, String reason);
}
