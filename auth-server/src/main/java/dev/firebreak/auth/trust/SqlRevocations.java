package dev.firebreak.auth.trust;

import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Writes revocations into the feed's table. */
final class SqlRevocations implements Revocations {
    /** Covers the tolerance of verifiers and of clocks between nodes. */
    private static final Duration MARGIN = Lifetimes.CLOCK_SKEW.multipliedBy(2);

    private final RevocationRepository repository;
    private final InstantSource clock;

    SqlRevocations(RevocationRepository repository, InstantSource clock) {
        this.repository = repository;
        this.clock = clock;
    }

    @Override
    public long revoke(Revocation.Kind kind, String value, @Nullable Instant issuedBefore) {
        // The longest life a token may have, not the configured one: that may have been longer a moment ago.
        Instant until = clock.instant().plus(Lifetimes.ACCESS_TOKEN).plus(MARGIN);
        return repository.append(new Revocation(kind, value, issuedBefore, until));
    }

    @Override
    public long last() {
        return repository.last();
    }
}
