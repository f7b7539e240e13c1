package dev.firebreak.starter.google;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.firebreak.starter.google.GoogleAnswer.Valid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Google tokens in memory: a bounded number, none of them beyond its end. Thread-safe. */
final class HeldGoogleTokens {
    private final Cache<Question, Valid> tokens;
    private final InstantSource clock;

    HeldGoogleTokens(int most, VaultCounters counters, InstantSource clock) {
        this.clock = clock;
        this.tokens = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfter(Expiry.creating((Question question, Valid token) -> left(token)))
                .ticker(() -> nanos(clock.instant()))
                // On the thread of whoever comes by: there is little to do, and a pool would be one more thing to stop.
                .executor(Runnable::run)
                .build();
        counters.watch(tokens);
    }

    /** The token, if it is held and good for so long. */
    Optional<Valid> find(Question question, Duration leastLife) {
        return Optional.ofNullable(tokens.getIfPresent(question))
                .filter(token -> token.isValidFor(leastLife, clock.instant()));
    }

    void hold(Question question, Valid token) {
        tokens.put(question, token);
    }

    void forget(UUID userId) {
        tokens.asMap().keySet().removeIf(question -> question.userId().equals(userId));
    }

    private Duration left(Valid token) {
        Duration left = Duration.between(clock.instant(), token.expiresAt());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Only differences count, so that it may overflow. */
    private static long nanos(Instant now) {
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
