package dev.firebreak.stack;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A few pieces of work at the same time. The first failure, or an interrupt, interrupts the others; nothing runs any more
 * when {@link #run} returns.
 */
final class Together implements AutoCloseable {
    /** Interrupted work ends at its next wait; the longest step without one is a database call with its own time-out. */
    private static final Duration END_DEADLINE = Duration.ofSeconds(30);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    void run(List<Runnable> work) {
        CompletionService<Void> running = new ExecutorCompletionService<>(threads);
        work.forEach(piece -> running.submit(piece, null));
        try {
            for (int i = 0; i < work.size(); i++) {
                running.take().get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            close();
        }
    }

    /** Interrupts what runs and waits for its end; may be called from another thread, a shutdown hook for instance. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(END_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
