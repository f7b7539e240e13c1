package dev.firebreak.gateway.session;

import java.time.Instant;
import java.util.Set;

/**
 * One signed-in browser. Immutable; a renewal makes a new one. Its text form shows neither token.
 *
 * @param accessToken sent to services on the browser's behalf
 * @param refreshToken renews it
 * @param sid public id of the SSO session
 * @param name shown to the user
 * @param email shown to the user
 * @param roles as the newest access token has them
 * @param endsAt when the session is over whatever happens
 */
public record Session(
        String accessToken,
        String refreshToken,
        String sid,
        String name,
        String email,
        Set<String> roles,
        Instant endsAt) {
    public Session {
        roles = Set.copyOf(roles);
    }

    /** The same session after a renewal. */
    public Session renewed(String newAccessToken, String newRefreshToken, Set<String> newRoles) {
        return new Session(newAccessToken, newRefreshToken, sid, name, email, newRoles, endsAt);
    }

    @Override
    public String toString() {
        return "Session[sid=" + sid + "]";
    }
}
