package dev.firebreak.starter.test;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a limit; for what becomes true in the background. */
public final class Eventually {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private Eventually() {}

    /** Returns once the condition holds; fails if it does not within the time. */
    public static void within(Duration limit, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not within " + limit.toMillis() + " ms: " + what);
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("Interrupted while waiting: " + what, e);
            }
        }
    }
}
