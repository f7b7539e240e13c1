package dev.firebreak.trust;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Claims of an access token whose signature and claims were checked (RFC 9068). Holds no part of the token itself.
 *
 * @param sub user's UUID, or the client id for a service
 * @param sid public id of the SSO session; absent for services
 * @param authTime when the user signed in; absent for services
 * @param confirmation {@code jkt} of {@code cnf} (RFC 9449), absent for plain bearer tokens
 */
public record VerifiedToken(
        String kid,
        String sub,
        String clientId,
        @Nullable String sid,
        String jti,
        Instant issuedAt,
        Instant expiresAt,
        Set<String> scopes,
        Set<String> roles,
        @Nullable Instant authTime,
        @Nullable String acr,
        List<String> amr,
        @Nullable String confirmation) {
    public VerifiedToken {
        scopes = Set.copyOf(scopes);
        roles = Set.copyOf(roles);
        amr = List.copyOf(amr);
    }

    /** True for a person's token, false for a service's. */
    public boolean isUser() {
        return sid != null;
    }
}
