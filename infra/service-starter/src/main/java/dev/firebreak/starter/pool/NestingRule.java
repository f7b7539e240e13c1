package dev.firebreak.starter.pool;

import dev.firebreak.starter.gate.HeldPermits;
import dev.firebreak.starter.gate.Permit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that holds a connection may not wait for another one: enough such threads wait for each other for ever. Tests
 * and developers get an exception; production counts it, and lets it have what is free.
 */
final class NestingRule {
    private static final Logger LOG = LoggerFactory.getLogger(NestingRule.class);
    /** One line a minute shows the place; the counter shows how often. */
    private static final long LOG_EVERY_NANOS = 60_000_000_000L;

    private final boolean refuse;
    private final HeldPermits held = new HeldPermits();
    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());

    NestingRule(boolean refuse) {
        this.refuse = refuse;
    }

    /**
     * Whether this thread holds a connection already.
     *
     * @throws IllegalStateException if that is refused
     */
    boolean isNested(String pool, PoolMeters meters) {
        Optional<Permit> outer = held.any();
        if (outer.isEmpty()) {
            return false;
        }
        meters.nested();
        String message = "A connection of the pool %s was asked for while this thread holds one of the pool %s"
                .formatted(pool, outer.get().pool());
        if (refuse) {
            throw new IllegalStateException(
                    message + ": close that first, or do both in one transaction (firebreak.nested-connections)");
        }
        long now = System.nanoTime();
        long next = nextLog.get();
        if (now - next >= 0 && nextLog.compareAndSet(next, now + LOG_EVERY_NANOS)) {
            LOG.warn("{}", message, new IllegalStateException("here"));
        }
        return true;
    }

    /** This thread has a connection. */
    void took(Permit permit) {
        held.add(permit);
    }
}
