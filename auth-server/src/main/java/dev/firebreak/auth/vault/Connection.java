package dev.firebreak.auth.vault;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One service of one Google account, as its user sees it. Holds no token.
 *
 * @param account our id of the Google account's grant
 * @param email of the Google account when it was connected last
 * @param active whether Google still accepts the grant, as far as we know
 * @param reason why not; absent if it does
 * @param granted those of the service's scopes that the user allowed
 * @param offline whether services may use it while the user is away
 * @param since when the service was switched on
 * @param lastUsedAt when a token was handed out last; absent if never
 * @param endsAtGoogle whether disconnecting it ends our access at Google: it is the last service of the account, and no other
 *     user of ours has connected the same account
 */
public record Connection(
        UUID id,
        UUID account,
        GoogleService service,
        String email,
        boolean active,
        @Nullable String reason,
        Set<String> granted,
        boolean offline,
        Instant since,
        @Nullable Instant lastUsedAt,
        boolean endsAtGoogle) {
    public Connection {
        granted = Set.copyOf(granted);
    }

    /** What the service needs and the user did not allow, sorted. */
    public Set<String> missing() {
        Set<String> missing = new TreeSet<>(service.scopes());
        missing.removeAll(granted);
        return missing;
    }

    /** Whether a token can be had that opens all that the service needs. */
    public boolean works() {
        return active && missing().isEmpty();
    }
}
