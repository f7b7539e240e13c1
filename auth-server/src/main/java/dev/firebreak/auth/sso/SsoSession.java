package dev.firebreak.auth.sso;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A browser's sign-in at the authorization server. The cookie's secret is not part of it.
 *
 * @param sid public id, the {@code sid} claim
 * @param authTime when the user last proved who they are
 * @param amr how (RFC 8176)
 * @param acr how strongly
 * @param expiresAt when the next authorization asks for credentials again; ends no refresh family
 */
public record SsoSession(UUID sid, UUID userId, Instant authTime, List<String> amr, String acr, Instant expiresAt) {
    public SsoSession {
        amr = List.copyOf(amr);
    }
}
