package dev.firebreak.drill.load;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends what a schedule says when it says so, each request on a virtual thread of its own, however long the others take.
 * The number of requests open at once is bounded; one that finds no room counts as failed and is never silently skipped.
 */
public final class Generator {
    /** Sends one request and says what became of it; may block. */
    @FunctionalInterface
    public interface Target {
        /** @param index place in the schedule */
        Outcome fire(int index) throws IOException;
    }

    /** Every target has a time-out of its own; past this one of them has forgotten it. */
    private static final Duration DRAIN = Duration.ofSeconds(90);

    private final int maxOpen;
    private final Duration patience;

    /**
     * @param maxOpen requests open at once at most
     * @param patience a good answer later than this after the scheduled moment comes too late for anybody
     */
    public Generator(int maxOpen, Duration patience) {
        this.maxOpen = maxOpen;
        this.patience = patience;
    }

    /** Runs the whole schedule on the calling thread and returns when the last answer is there. */
    public Shots run(Schedule schedule, Target target) {
        return run(schedule, target, System.nanoTime());
    }

    /** @param start when the schedule begins, by {@link System#nanoTime} */
    public Shots run(Schedule schedule, Target target, long start) {
        Shots shots = new Shots(schedule);
        Semaphore room = new Semaphore(maxOpen);
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < schedule.count(); i++) {
                long due = start + schedule.at(i);
                awaitTime(due);
                if (Thread.currentThread().isInterrupted()) {
                    senders.shutdownNow();
                    throw new IllegalStateException("interrupted while generating load");
                }
                if (!room.tryAcquire()) {
                    shots.record(i, System.nanoTime() - due, 0, Outcome.NOT_SENT);
                    continue;
                }
                int index = i;
                senders.execute(() -> send(index, due, target, shots, room));
            }
            drain(room, senders);
        }
        return shots;
    }

    private void send(int index, long due, Target target, Shots shots, Semaphore room) {
        long behind = System.nanoTime() - due;
        Outcome outcome;
        try {
            outcome = target.fire(index);
        } catch (SocketTimeoutException e) {
            outcome = Outcome.TIMED_OUT;
        } catch (IOException e) {
            outcome = Outcome.BROKEN;
        } catch (RuntimeException e) {
            outcome = Outcome.FAILED;
        }
        long latency = System.nanoTime() - due;
        boolean tooLate = outcome == Outcome.GOOD && latency > patience.toNanos();
        shots.record(index, behind, latency, tooLate ? Outcome.TIMED_OUT : outcome);
        room.release();
    }

    private static void awaitTime(long due) {
        for (long left = due - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = due - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void drain(Semaphore room, ExecutorService senders) {
        try {
            if (!room.tryAcquire(maxOpen, DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                senders.shutdownNow();
                throw new IllegalStateException("a request is still open " + DRAIN.toSeconds() + " s after the last");
            }
        } catch (InterruptedException e) {
            senders.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for answers", e);
        }
    }
}
