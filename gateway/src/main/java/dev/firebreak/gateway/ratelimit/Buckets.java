package dev.firebreak.gateway.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One bucket per key, for any number of threads, bounded: an attacker with many keys makes the least used buckets start
 * anew, which costs memory nothing and gives that attacker what every new key has anyway.
 */
public final class Buckets {
    /** About 200 bytes each: 20 MB when full. */
    private static final int MAX_KEYS = 100_000;

    private final Cache<String, Bucket> buckets;
    private final Bandwidth bandwidth;
    private final TimeMeter time;

    /**
     * @param perSecond sustained rate
     * @param burst how many at once after a rest
     */
    public Buckets(int perSecond, int burst, InstantSource clock) {
        this.bandwidth = Bandwidth.builder()
                .capacity(burst)
                .refillGreedy(perSecond, Duration.ofSeconds(1))
                .build();
        this.time = new ClockMeter(clock);
        Duration full = Duration.ofSeconds(1L + burst / perSecond);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MAX_KEYS)
                // A bucket that has had time to fill is the same as a new one.
                .expireAfterAccess(full.multipliedBy(2))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    /** Takes one token; if there is none, how long until there is. */
    public Optional<Duration> take(String key) {
        ConsumptionProbe probe = bucket(key).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed() ? Optional.empty() : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** Whether {@link #take} would find a token now; takes none. */
    public boolean hasToken(String key) {
        Bucket bucket = buckets.getIfPresent(key);
        return bucket == null || bucket.getAvailableTokens() > 0;
    }

    /** Publishes how many keys are remembered, under a bounded name. */
    public Buckets measured(String kind, MeterRegistry metrics) {
        Gauge.builder("gateway.buckets", buckets, Cache::estimatedSize)
                .tag("kind", kind)
                .description("Rate-limit buckets in memory")
                .register(metrics);
        return this;
    }

    private Bucket bucket(String key) {
        Bucket known = buckets.getIfPresent(key);
        return known != null
                ? known
                : buckets.get(
                        key,
                        _ -> Bucket.builder()
                                .addLimit(bandwidth)
                                .withCustomTimePrecision(time)
                                .build());
    }

    /** The injected clock, so that tests need not wait. */
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
