package dev.firebreak.trust;

import dev.firebreak.contracts.trust.TrustAnswer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop behind {@link TrustFeed}: ask, judge, publish, keep a copy, wait. Ends only by {@link #stop}: neither trouble
 * with the server nor a bug in a listener, errors included, may end it, because then every verifier would fall silent at the hard cap.
 * Its fields belong to the one thread that runs it; the counters may be read by any.
 */
final class TrustPoller implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(TrustPoller.class);
    /** Unchanged data is written again as often, so that the copy's age is not that of the last change. */
    private static final Duration SAVE_EVERY = Duration.ofSeconds(30);

    /** A question is the acknowledgement of the keys that the answer before it brought. */
    private static final Duration ACKNOWLEDGE_WITHIN = Duration.ofMillis(20);

    /** After revocations somebody may be waiting for the effect; but they may come many in a second. */
    private static final Duration ASK_AGAIN_WITHIN = Duration.ofMillis(100);

    /** Takes what may be used from now on. */
    interface Publisher {
        void publish(TrustSnapshot snapshot, boolean changed);
    }

    private final TrustFeedSettings settings;
    private final InstantSource clock;
    private final Publisher publisher;
    private final Semaphore wake;
    private final TrustCall call;
    private final TrustState state;
    private final Backoff backoff;
    private final LongAdder answers = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder stateFailures = new LongAdder();

    private volatile boolean stopping;
    private @Nullable HeldTrust held;
    private @Nullable Instant savedAt;
    private int failuresInARow;
    private String lastTrouble = "";
    private boolean stateTroubled;
    private News news = News.NONE;
    private long askedAt;

    /** What the last answer brought. */
    private enum News {
        NONE,
        REVOCATIONS,
        KEYS
    }

    /** @param wake a permit ends the wait before the next question */
    TrustPoller(
            TrustFeedSettings settings,
            ClientAssertions assertions,
            InstantSource clock,
            Publisher publisher,
            Semaphore wake) {
        this.settings = settings;
        this.clock = clock;
        this.publisher = publisher;
        this.wake = wake;
        this.call = new TrustCall(settings, assertions);
        this.state = new TrustState(settings.stateFolder(), settings.hardCap());
        this.backoff = new Backoff(settings.pollEvery(), RandomGenerator.getDefault());
    }

    /** Publishes the last good copy, if there is one. Before the loop starts, on the caller's thread. */
    void restore() {
        state.load(clock.instant()).ifPresent(copy -> {
            LOG.info("Starting with trust data of {} from {}", copy.snapshot().asOf(), settings.stateFolder());
            held = copy;
            publish(copy, true);
        });
    }

    @Override
    public void run() {
        while (!stopping) {
            try {
                poll();
                if (wake.tryAcquire(pause().toNanos(), TimeUnit.NANOSECONDS)) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                // Only the flag ends this loop: whoever interrupted it did not mean every verifier to fall silent.
                failed("interrupted");
            }
        }
        // An interruption left over would tear the copy.
        Thread.interrupted();
        save(clock.instant());
        goodbye();
    }

    /** So that nobody waits for this node. If it is not heard, the server forgets this node after a while. */
    private void goodbye() {
        if (held == null) {
            return;
        }
        try {
            call.goodbye();
        } catch (IOException e) {
            LOG.debug("The trust feed did not hear that this node stops", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends the loop from another thread, also in the middle of a question. By a flag and not by interruption, which would
     * tear a copy that is being written.
     */
    void stop() {
        stopping = true;
        call.end();
        wake.release();
    }

    /** Counts so far. */
    TrustFeedStats stats(long earlyRefreshes) {
        return new TrustFeedStats(answers.sum(), failures.sum(), refused.sum(), earlyRefreshes, stateFailures.sum());
    }

    private Duration pause() {
        if (failuresInARow > 0) {
            return backoff.afterFailure(failuresInARow);
        }
        return switch (news) {
            // Somebody may be waiting to sign with the new key until everybody has said that they have it.
            case KEYS -> ACKNOWLEDGE_WITHIN;
            case REVOCATIONS -> ASK_AGAIN_WITHIN;
            case NONE -> backoff.afterSuccess(Duration.ofNanos(System.nanoTime() - askedAt));
        };
    }

    private void poll() throws InterruptedException {
        askedAt = System.nanoTime();
        try {
            take(call.ask(held == null ? null : held.snapshot()));
        } catch (IOException e) {
            failed(e.getCause() == null ? e.toString() : e + ", " + e.getCause());
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            // Errors too, a class that is missing or memory that ran out: the next answer may be a good one.
            if (!e.toString().equals(lastTrouble)) {
                LOG.error("Bug in reading the trust feed; the last good data stays", e);
            }
            failed(e.toString());
        }
    }

    private void take(TrustAnswer answer) {
        Instant now = clock.instant();
        switch (HeldTrust.merge(held, answer, now)) {
            case HeldTrust.Outcome.Taken taken -> {
                boolean newKeys = held == null
                        || held.snapshot().keysVersion()
                                != taken.trust().snapshot().keysVersion();
                news = newKeys ? News.KEYS : taken.changed() ? News.REVOCATIONS : News.NONE;
                held = taken.trust();
                answers.increment();
                recovered();
                publish(taken.trust(), taken.changed());
                if (taken.changed() || savedAt == null || !now.isBefore(savedAt.plus(SAVE_EVERY))) {
                    save(now);
                }
            }
            case HeldTrust.Outcome.Refused refusal -> {
                refused.increment();
                failed("the answer was refused: " + refusal.reason());
            }
        }
    }

    private void publish(HeldTrust trust, boolean changed) {
        publisher.publish(trust.snapshot(), changed);
    }

    private void save(Instant now) {
        if (held == null) {
            return;
        }
        try {
            state.save(held, now);
            savedAt = now;
            stateTroubled = false;
        } catch (IOException e) {
            stateFailures.increment();
            if (!stateTroubled) {
                LOG.warn(
                        "Trust data cannot be kept in {}; a restart during an outage would find none: {}",
                        settings.stateFolder(),
                        e.toString());
                stateTroubled = true;
            }
        }
    }

    /** Once for each new kind of trouble: a feed that stays away must not fill the log. */
    private void failed(String trouble) {
        news = News.NONE;
        failures.increment();
        failuresInARow++;
        if (!stopping && !trouble.equals(lastTrouble)) {
            LOG.warn("No news from the trust feed, the last good data stays: {}", trouble);
            lastTrouble = trouble;
        }
    }

    private void recovered() {
        if (failuresInARow > 0) {
            LOG.info("Trust feed read again after {} failures", failuresInARow);
        }
        failuresInARow = 0;
        lastTrouble = "";
    }
}
