package dev.firebreak.trust;

import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Keeps a {@link TrustSnapshot} current by polling the authorization server's trust feed. For any number of threads. */
public final class TrustFeed implements TrustSource, AutoCloseable {
    private static final Duration NEVER = Duration.ofDays(365);

    private final TrustFeedSettings settings;
    private final InstantSource clock;
    private final List<Consumer<TrustSnapshot>> listeners = new CopyOnWriteArrayList<>();
    private volatile Optional<TrustSnapshot> current = Optional.empty();

    public TrustFeed(TrustFeedSettings settings, ClientAssertions assertions, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** Reads the last good copy, if there is one, and begins to poll. */
    public void start() {}

    @Override
    public Optional<TrustSnapshot> current() {
        return current;
    }

    @Override
    public void refreshSoon() {}

    /** Age of the trust data; 365 days while there is none. */
    public Duration age() {
        return current.map(snapshot -> Duration.between(snapshot.asOf(), clock.instant()))
                .orElse(NEVER);
    }

    /** Whether the trust data proves that a key which it does not hold does not exist. */
    public boolean isFresh() {
        return age().compareTo(Lifetimes.TRUST_FRESH) < 0;
    }

    /** Whether tokens can be judged at all. */
    public boolean isUsable() {
        return age().compareTo(settings.hardCap()) <= 0;
    }

    /** Called on the feed's own thread after keys or revocations changed; must be quick. */
    public void onChange(Consumer<TrustSnapshot> listener) {
        listeners.add(listener);
    }

    /** Stops polling. */
    @Override
    public void close() {}
}
