package dev.firebreak.trust.retry;

import java.time.Duration;

/** How a thread waits before a retry; a test lets time pass instead. */
@FunctionalInterface
public interface Pause {
    /** The thread sleeps. */
    Pause SLEEP = Thread::sleep;

    void await(Duration time) throws InterruptedException;
}
