package dev.firebreak.auth.oauth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.firebreak.auth.client.Client;
import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * How often a client, and an address that fails to prove it is one, may ask for tokens on this node. A confidential client
 * is counted by its name alone, because one gateway asks for everybody; a public one by name and address, because anybody
 * can take its name.
 */
final class TokenLimits {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TokenLimitProperties limits;
    private final TimeMeter time;
    private final Cache<String, Bucket> clients;
    private final Cache<String, Bucket> addresses;
    private final Cache<String, Bucket> sessions;
    private final Counter refused;

    TokenLimits(TokenLimitProperties limits, InstantSource clock, MeterRegistry metrics) {
        this.limits = limits;
        this.time = new ClockMeter(clock);
        this.clients = buckets("client", metrics);
        this.addresses = buckets("address", metrics);
        this.sessions = buckets("session", metrics);
        this.refused = Counter.builder("auth.token.limited")
                .description("Authorizations and token requests refused because of too many before")
                .register(metrics);
    }

    /** Refuses an address that failed too often, before anything is computed for it. */
    void requireAddress(String address) {
        EstimationProbe probe = addressBucket(address).estimateAbilityToConsume(1);
        if (!probe.canBeConsumed()) {
            throw slowDown(probe.getNanosToWaitForRefill());
        }
    }

    /** Notes a failed client authentication. */
    void failed(String address) {
        addressBucket(address).tryConsume(1);
    }

    /** Refuses a client that asks too often. */
    void requireClient(Client client, String address) {
        Bucket bucket = client.confidential()
                ? bucket(
                        clients,
                        client.id(),
                        2L * limits.clientPerSecond(),
                        limits.clientPerSecond(),
                        Duration.ofSeconds(1))
                : bucket(
                        clients,
                        client.id() + " " + address,
                        limits.publicPerMinute(),
                        limits.publicPerMinute(),
                        MINUTE);
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw slowDown(probe.getNanosToWaitForRefill());
        }
    }

    /** Refuses a signed-in browser that asks for too many codes. */
    void requireSession(UUID sid) {
        Bucket bucket = bucket(sessions, sid.toString(), limits.sessionPerMinute(), limits.sessionPerMinute(), MINUTE);
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            refused.increment();
            throw new ServiceException(
                    RateError.LIMITED,
                    "This browser was sent to sign in too often",
                    Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }

    /** Drops what is too much now instead of a little later; for tests. */
    void cleanUp() {
        clients.cleanUp();
        sessions.cleanUp();
        addresses.cleanUp();
    }

    private Bucket addressBucket(String address) {
        return bucket(addresses, address, limits.failuresPerMinute(), limits.failuresPerMinute(), MINUTE);
    }

    private OAuthFailure slowDown(long nanos) {
        refused.increment();
        return OAuthFailure.slowDown(Duration.ofNanos(nanos));
    }

    private Bucket bucket(Cache<String, Bucket> cache, String key, long capacity, long tokens, Duration period) {
        return cache.get(
                key,
                absent -> Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit -> limit.capacity(capacity).refillGreedy(tokens, period))
                        .build());
    }

    private Cache<String, Bucket> buckets(String kind, MeterRegistry metrics) {
        // A bucket unused for its period is full again, so forgetting it changes nothing.
        Cache<String, Bucket> cache = Caffeine.newBuilder()
                .maximumSize(limits.maxTracked())
                .expireAfterAccess(MINUTE)
                // Housekeeping on the calling thread: it is short, and the bound then holds at once.
                .executor(Runnable::run)
                .ticker(time::currentTimeNanos)
                .build();
        Gauge.builder("auth.token.buckets", cache, Cache::estimatedSize)
                .tag("kind", kind)
                .description("Buckets of token requests in memory")
                .register(metrics);
        return cache;
    }

    /** The injected clock in Bucket4j's terms. */
    private record ClockMeter(InstantSource clock) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return TimeUnit.MILLISECONDS.toNanos(clock.millis());
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
