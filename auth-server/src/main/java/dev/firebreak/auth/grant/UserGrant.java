package dev.firebreak.auth.grant;

import dev.firebreak.auth.user.UserAccount;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a user granted a client, with the user as they are now: enough to make tokens.
 *
 * @param sid public id of the sign-in
 * @param authTime when the user proved who they are, for this grant
 * @param amr how (RFC 8176)
 * @param acr how strongly
 * @param nonce of the authorization request; absent on renewals (OpenID Connect Core, 12.2)
 */
public record UserGrant(
        UserAccount user,
        String clientId,
        UUID sid,
        Instant authTime,
        List<String> amr,
        String acr,
        Set<String> scopes,
        @Nullable String nonce) {
    public UserGrant {
        amr = List.copyOf(amr);
        scopes = Set.copyOf(scopes);
    }
}
