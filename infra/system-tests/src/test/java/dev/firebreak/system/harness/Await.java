package dev.firebreak.system.harness;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition, never for a time: looks often, gives up at the deadline and says what it last saw. */
public final class Await {
    private static final long LOOK_EVERY_MS = 25;

    private Await() {}

    /** How long it took until the condition held. */
    public static Duration until(String what, Duration deadline, BooleanSupplier condition) {
        long start = System.nanoTime();
        until(what, deadline, condition::getAsBoolean, held -> held);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The first value that is as wanted. An exception while looking counts as 'not yet' and is shown at the end. */
    public static <T> T until(String what, Duration deadline, Supplier<T> look, Predicate<T> wanted) {
        long end = System.nanoTime() + deadline.toNanos();
        Object last;
        RuntimeException failure;
        do {
            try {
                T seen = look.get();
                if (wanted.test(seen)) {
                    return seen;
                }
                last = seen;
                failure = null;
            } catch (RuntimeException notYet) {
                last = notYet;
                failure = notYet;
            }
            pause();
        } while (System.nanoTime() < end);
        throw new AssertionError("not within " + deadline + ": " + what + "; last seen: " + last, failure);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting", e);
        }
    }
}
