package dev.firebreak.stack.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, always with an end. */
public final class Wait {
    private Wait() {}

    /** Asks every {@code poll} until the answer is yes; false when {@code deadline} came first. */
    public static boolean until(Duration deadline, Duration poll, BooleanSupplier condition) {
        long end = System.nanoTime() + deadline.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            try {
                Thread.sleep(poll);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting", e);
            }
        }
        return true;
    }
}
