package dev.firebreak.auth.vault;

import dev.firebreak.auth.trust.OwnTrust;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;

/**
 * Keeps what this node holds in step with what others write: drops tokens of grants that have another version by now, and
 * of users whose tokens were revoked. One thread at a time.
 */
final class GrantWatch {
    /** Clocks of nodes differ, and a change is visible only when it is committed: changes of so long are read again. */
    private static final Duration OVERLAP = Duration.ofMinutes(1);
    /** After so long without a look it costs less to forget everything. */
    private static final Duration TOO_LONG = Duration.ofMinutes(30);

    private final TokenRepository rows;
    private final TokenCache cache;
    private final Supplier<List<Revocation>> revocations;
    private final InstantSource clock;
    private Instant lookedAt;

    GrantWatch(TokenRepository rows, TokenCache cache, Supplier<List<Revocation>> revocations, InstantSource clock) {
        this.rows = rows;
        this.cache = cache;
        this.revocations = revocations;
        this.clock = clock;
        this.lookedAt = clock.instant();
    }

    static Supplier<List<Revocation>> revocations(OwnTrust trust) {
        return () -> trust.source()
                .current()
                .map(snapshot -> snapshot.revocations().entries())
                .orElse(List.of());
    }

    void look() {
        // Out of memory, so that it works without the database.
        cache.dropRevoked(revocations.get());
        Instant now = clock.instant();
        if (lookedAt.plus(TOO_LONG).isBefore(now)) {
            cache.clear();
            lookedAt = now;
            return;
        }
        cache.dropOlder(rows.changedSince(lookedAt.minus(OVERLAP)));
        lookedAt = now;
    }
}
