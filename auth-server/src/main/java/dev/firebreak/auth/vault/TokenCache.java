package dev.firebreak.auth.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.firebreak.contracts.trust.Revocation;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The open tokens of this node. Bounded; a token is gone when it is over. Reading takes no lock. */
final class TokenCache {
    private final Cache<Wish.Key, HeldToken> tokens;

    TokenCache(int size, InstantSource clock, MeterRegistry metrics) {
        this.tokens = Caffeine.newBuilder()
                .maximumSize(size)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .expireAfter(Expiry.writing((Wish.Key key, HeldToken token) -> {
                    Duration left = token.left(clock.instant());
                    return left.isNegative() ? Duration.ZERO : left;
                }))
                .build();
        Gauge.builder("auth.vault.cache.size", tokens, Cache::estimatedSize)
                .description("Google tokens held open in memory")
                .register(metrics);
    }

    @Nullable
    HeldToken find(Wish.Key key) {
        return tokens.getIfPresent(key);
    }

    void put(Wish.Key key, HeldToken token) {
        tokens.put(key, token);
    }

    /** Drops what was read before its grant became that version. */
    void dropOlder(Map<UUID, Long> versions) {
        if (!versions.isEmpty()) {
            tokens.asMap()
                    .values()
                    .removeIf(token -> token.grantVersion() < versions.getOrDefault(token.grant(), Long.MIN_VALUE));
        }
    }

    /** Drops what was read before its user's tokens were revoked, as they are when the user is disabled. */
    void dropRevoked(List<Revocation> revocations) {
        Map<String, Revocation> users = new HashMap<>();
        for (Revocation revocation : revocations) {
            if (revocation.kind() == Revocation.Kind.SUB) {
                users.put(revocation.value(), revocation);
            }
        }
        if (!users.isEmpty()) {
            tokens.asMap().values().removeIf(token -> {
                Revocation revocation = users.get(token.user().toString());
                return revocation != null
                        && (revocation.issuedBefore() == null
                                || !token.loadedAt().isAfter(revocation.issuedBefore()));
            });
        }
    }

    void clear() {
        tokens.invalidateAll();
    }
}
