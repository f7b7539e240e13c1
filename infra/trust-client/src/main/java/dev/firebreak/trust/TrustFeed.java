package dev.firebreak.trust;

import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@link TrustSnapshot} current by polling the authorization server's trust feed on one virtual thread. Whatever
 * goes wrong, the last good snapshot stays; how long it is worth something is for the verifier to judge by its age.
 * Everything but {@link #start} and {@link #close} returns at once and may be called by any thread.
 */
public final class TrustFeed implements TrustSource, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustFeed.class);
    private static final Duration NEVER = Duration.ofDays(365);
    /** However many tokens name unknown keys, the feed is asked early once in this time. */
    private static final Duration EARLY_REFRESH_EVERY = Duration.ofSeconds(5);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Duration hardCap;
    private final InstantSource clock;
    private final TrustPoller poller;
    private final List<Consumer<TrustSnapshot>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private final AtomicLong earlyRefreshAt = new AtomicLong(Long.MIN_VALUE);
    private final LongAdder earlyRefreshes = new LongAdder();
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile Optional<TrustSnapshot> current = Optional.empty();
    private volatile @Nullable Thread thread;

    public TrustFeed(TrustFeedSettings settings, ClientAssertions assertions, InstantSource clock) {
        this.hardCap = settings.hardCap();
        this.clock = clock;
        this.poller = new TrustPoller(settings, assertions, clock, this::publish, wake);
    }

    /** Reads the last good copy, if there is one, and begins to poll. Once only; never fails for want of either. */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("A trust feed starts once");
        }
        poller.restore();
        thread = Thread.ofVirtual().name("trust-feed").start(poller);
    }

    @Override
    public Optional<TrustSnapshot> current() {
        return current;
    }

    @Override
    public void refreshSoon() {
        long now = clock.millis();
        long last = earlyRefreshAt.get();
        // now < last: a clock that was set back must not close this door for hours.
        boolean due = last == Long.MIN_VALUE || now < last || now - last >= EARLY_REFRESH_EVERY.toMillis();
        if (due && earlyRefreshAt.compareAndSet(last, now)) {
            earlyRefreshes.increment();
            wake.release();
        }
    }

    /** Age of the trust data; 365 days while there is none, negative after this clock was set back. */
    public Duration age() {
        return current.map(snapshot -> Duration.between(snapshot.asOf(), clock.instant()))
                .orElse(NEVER);
    }

    /** Whether the trust data proves that a key which it does not hold does not exist. */
    public boolean isFresh() {
        return Lifetimes.isFresh(age());
    }

    /** Whether tokens can be judged at all. */
    public boolean isUsable() {
        return age().compareTo(hardCap) <= 0;
    }

    /** Called on the feed's own thread after keys or revocations changed; must be quick. */
    public void onChange(Consumer<TrustSnapshot> listener) {
        listeners.add(listener);
    }

    /** Counts since this feed was made. */
    public TrustFeedStats stats() {
        return poller.stats(earlyRefreshes.sum());
    }

    /** Stops polling and writes the last good copy. What is held stays readable. */
    @Override
    public void close() {
        poller.stop();
        Thread running = thread;
        if (running == null) {
            return;
        }
        try {
            if (!running.join(CLOSE_TIMEOUT)) {
                LOG.warn("The trust feed did not end within {}", CLOSE_TIMEOUT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(TrustSnapshot snapshot, boolean changed) {
        current = Optional.of(snapshot);
        if (!changed) {
            return;
        }
        for (Consumer<TrustSnapshot> listener : listeners) {
            try {
                listener.accept(snapshot);
            } catch (Throwable e) {
                // Errors too: the others must hear of it, and the loop must go on.
                LOG.error("A listener to the trust feed failed", e);
            }
        }
    }
}
