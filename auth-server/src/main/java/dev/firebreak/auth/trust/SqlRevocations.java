package dev.firebreak.auth.trust;

import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes revocations into the feed's table. */
final class SqlRevocations implements Revocations {
    /** Covers the tolerance of verifiers and of clocks between nodes. */
    private static final Duration MARGIN = Lifetimes.CLOCK_SKEW.multipliedBy(2);

    private final RevocationRepository repository;
    private final InstantSource clock;
    private final RevocationNews news;

    SqlRevocations(RevocationRepository repository, InstantSource clock, RevocationNews news) {
        this.repository = repository;
        this.clock = clock;
        this.news = news;
    }

    @Override
    public long revoke(Revocation.Kind kind, String value, @Nullable Instant issuedBefore) {
        // The longest life a token may have, not the configured one: that may have been longer a moment ago.
        Instant until = clock.instant().plus(Lifetimes.ACCESS_TOKEN).plus(MARGIN);
        long seq = repository.append(new Revocation(kind, value, issuedBefore, until));
        tellAfterCommit();
        return seq;
    }

    private void tellAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            news.committed();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                news.committed();
            }
        });
    }
}
