package dev.firebreak.starter.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which permits each thread holds, over all pools: a thread that holds one and waits for another can wait for somebody who
 * does the same, and then neither ever ends.
 */
public final class HeldPermits {
    private final ThreadLocal<List<Permit>> ofThread = ThreadLocal.withInitial(() -> new ArrayList<>(1));

    /** A permit that this thread holds, of whatever pool. */
    public Optional<Permit> any() {
        List<Permit> permits = ofThread.get();
        // Another thread may have given one back.
        permits.removeIf(permit -> !permit.isHeld());
        return permits.stream().findFirst();
    }

    /** Notes a permit of this thread; it is forgotten once it was given back. */
    public void add(Permit permit) {
        ofThread.get().add(permit);
    }
}
