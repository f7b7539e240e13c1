package dev.firebreak.starter.http;

import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * New ids: UUID version 7 (RFC 9562, 5.7), so that rows made together lie together in their index and sort by age. Within
 * one process each id is greater than the one before; between processes the order holds to the millisecond. Thread-safe.
 */
public final class Ids {
    private final InstantSource clock;
    private final RandomGenerator random;
    /** Time of the newest id: milliseconds, then 12 bits of their fraction (RFC 9562, 6.2, method 3). */
    private final AtomicLong newest = new AtomicLong();

    /** The random source need not be secret: ids are names, not keys. */
    public Ids(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** An id that nothing else has. */
    public UUID next() {
        Instant now = clock.instant();
        long fraction = (now.getNano() % 1_000_000L) * 4096 / 1_000_000;
        long time = now.toEpochMilli() << 12 | fraction;
        long ticks = newest.updateAndGet(before -> Math.max(before + 1, time));
        long high = (ticks >>> 12) << 16 | 0x7000 | (ticks & 0xfff);
        long low = 0x8000_0000_0000_0000L | (random.nextLong() >>> 2);
        return new UUID(high, low);
    }
}
