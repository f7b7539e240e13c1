package dev.firebreak.auth.ratelimit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * One bucket for each key, at most so many keys. A bucket unused for a window is full again, so forgetting it changes
 * nothing; one pushed out earlier by a flood of other keys forgives its failures, which the limit on addresses makes dear.
 */
final class Buckets {
    private final int capacity;
    private final Duration window;
    private final TimeMeter time;
    private final Cache<String, Bucket> buckets;

    Buckets(int capacity, Duration window, int maxTracked, InstantSource clock) {
        this.capacity = capacity;
        this.window = window;
        this.time = new ClockMeter(clock);
        this.buckets = Caffeine.newBuilder()
                .maximumSize(maxTracked)
                .expireAfterAccess(window)
                .ticker(time::currentTimeNanos)
                .build();
    }

    Bucket of(String key) {
        return buckets.get(
                key,
                absent -> Bucket.builder()
                        .withCustomTimePrecision(time)
                        .addLimit(limit -> limit.capacity(capacity).refillGreedy(capacity, window))
                        .build());
    }

    /** Does at once what the cache would do in time. */
    void cleanUp() {
        buckets.cleanUp();
    }

    long size() {
        return buckets.estimatedSize();
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
