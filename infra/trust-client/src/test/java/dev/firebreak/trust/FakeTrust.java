package dev.firebreak.trust;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One snapshot after another, as the test says. */
final class FakeTrust implements TrustSource {
    private final AtomicInteger refreshes = new AtomicInteger();
    private volatile Optional<TrustSnapshot> current;

    FakeTrust(TrustSnapshot snapshot) {
        this.current = Optional.of(snapshot);
    }

    @Override
    public Optional<TrustSnapshot> current() {
        return current;
    }

    @Override
    public void refreshSoon() {
        refreshes.incrementAndGet();
    }

    void swap(TrustSnapshot snapshot) {
        current = Optional.of(snapshot);
    }

    int refreshes() {
        return refreshes.get();
    }
}
