package dev.firebreak.auth.platform;

import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Does one short job again and again on a virtual thread of its own, never two at a time. A failure is counted and the
 * next run comes as planned; the log gets a line when trouble begins and one when it ends, not one a second.
 */
public final class Loop implements SmartLifecycle {
    /** A job that may fail; whatever it throws, errors included, is trouble of this run only. */
    @FunctionalInterface
    public interface Job {
        void run() throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    /** Longest wait for a job under way when the process stops. */
    private static final Duration STOP_WAIT = Duration.ofSeconds(2);

    /**
     * When a loop runs first after the start. The loops share a pool of few connections: if all of them asked at once,
     * some would be told that there is no room, and the log would begin with trouble that is none.
     */
    public enum Start {
        /** What the node cannot serve without. */
        FIRST(Duration.ZERO),
        /** What other nodes wait for. */
        SOON(Duration.ofMillis(500)),
        /** What can be done at any time. */
        LATER(Duration.ofMillis(1_000)),
        /** What clears up. */
        LAST(Duration.ofMillis(2_000));

        private final Duration after;

        Start(Duration after) {
            this.after = after;
        }
    }

    /** Loops that start in the same group start so far from each other, at most. */
    private static final int SPREAD_MILLIS = 500;

    private final String name;
    private final Duration firstAfter;
    private final Duration every;
    private final InstantSource clock;
    private final Job job;
    private final Counter succeeded;
    private final Counter failed;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile Instant lastSuccess;
    private volatile @Nullable Duration again;
    private boolean troubled;

    /** One that runs first at once. */
    public Loop(String name, Duration every, InstantSource clock, MeterRegistry metrics, Job job) {
        this(name, Start.FIRST, every, clock, metrics, job);
    }

    /**
     * @param name bounded label of the loop's metrics
     * @param start when it runs first
     * @param every pause between two runs; up to half of it is added at random, so that nodes do not march in step
     */
    public Loop(String name, Start start, Duration every, InstantSource clock, MeterRegistry metrics, Job job) {
        this.name = name;
        // By its name, so that a node starts alike each time.
        this.firstAfter = start == Start.FIRST
                ? Duration.ZERO
                : start.after.plusMillis(Math.floorMod(name.hashCode(), SPREAD_MILLIS));
        this.every = every;
        this.clock = clock;
        this.job = job;
        this.lastSuccess = clock.instant();
        this.succeeded = counter(metrics, "succeeded");
        this.failed = counter(metrics, "failed");
        TimeGauge.builder("auth.loop.age", () -> sinceSuccess().toMillis(), TimeUnit.MILLISECONDS)
                .tag("loop", name)
                .description("Time since the loop's last run without failure")
                .register(metrics);
    }

    private Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("auth.loop.runs")
                .tag("loop", name)
                .tag("outcome", outcome)
                .description("Runs of background loops")
                .register(metrics);
    }

    /** Asks for a run as soon as possible. Many askers get one run. */
    public void runSoon() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Called by the job itself: the pause after this run is so long at most. */
    public void runAgainWithin(Duration pause) {
        again = pause;
    }

    /** Time since the last run that did not fail, or since the loop was made. */
    public Duration sinceSuccess() {
        return Duration.between(lastSuccess, clock.instant());
    }

    @Override
    public synchronized void start() {
        if (thread == null) {
            Thread fresh = Thread.ofVirtual().name("loop-" + name).unstarted(this::runUntilStopped);
            // Known before it runs, because it ends itself when it is not the one that is known.
            thread = fresh;
            fresh.start();
        }
    }

    @Override
    public synchronized void stop() {
        Thread running = thread;
        thread = null;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(STOP_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void runUntilStopped() {
        pause(firstAfter.toMillis());
        while (isWanted()) {
            runOnce();
            // Only the flag ends the loop. Cleared before the flag is read: a stop in between then ends the wait.
            Thread.interrupted();
            if (isWanted()) {
                pause(every.toMillis() + ThreadLocalRandom.current().nextLong(every.toMillis() / 2 + 1));
            }
        }
    }

    private boolean isWanted() {
        return thread == Thread.currentThread();
    }

    private void pause(long millis) {
        Duration asked = again;
        again = null;
        long longest = asked == null ? millis : Math.min(millis, asked.toMillis());
        try {
            boolean woken = wakeUps.tryAcquire(longest, TimeUnit.MILLISECONDS);
            if (woken) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            LOG.debug("Background loop {} was woken by an interruption", name, e);
        }
    }

    private void runOnce() {
        try {
            job.run();
            lastSuccess = clock.instant();
            succeeded.increment();
            if (troubled) {
                LOG.info("Background loop {} works again", name);
            }
            troubled = false;
        } catch (Throwable e) {
            // Errors too: a loop that ended on one would leave this node with old keys or revocations for good.
            if (isWanted()) {
                noteFailure(e);
            }
        }
    }

    private void noteFailure(Throwable e) {
        failed.increment();
        boolean begins = !troubled;
        troubled = true;
        if (begins && e instanceof ServiceException infrastructure) {
            Throwable cause = infrastructure.getCause();
            LOG.warn(
                    "Background loop {} fails, and tries again each {}: {}",
                    name,
                    every,
                    String.valueOf(cause == null ? e : cause));
        } else if (begins) {
            LOG.warn("Background loop {} fails, and tries again each {}", name, every, e);
        }
    }
}
