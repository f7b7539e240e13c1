package dev.firebreak.starter.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says for all pools of one database whether it is there. Open, nobody waits for a connection and no pool tries to make
 * one: both would only find out again what is known. The database's probe opens and closes it, on one thread.
 */
final class DatabaseBreaker {
    private final List<Listener> pools = new CopyOnWriteArrayList<>();
    private volatile @Nullable Problem problem;
    private volatile CountDownLatch closed = new CountDownLatch(0);
    private volatile boolean ended;
    private long openedNanos;

    /** A pool of the database. */
    interface Listener {
        void opened();

        /** The database is back; no new connection is made before this returns. */
        void closing(Duration outage);
    }

    synchronized void register(Listener pool) {
        pools.add(pool);
        if (problem != null) {
            pool.opened();
        }
    }

    synchronized void open(Problem why) {
        Problem known = problem;
        problem = known == null ? why : why.stillSince(known.since());
        if (known == null && !ended) {
            openedNanos = System.nanoTime();
            closed = new CountDownLatch(1);
            pools.forEach(Listener::opened);
        }
    }

    synchronized void close() {
        if (problem != null) {
            Duration outage = Duration.ofNanos(System.nanoTime() - openedNanos);
            pools.forEach(pool -> pool.closing(outage));
            problem = null;
            closed.countDown();
        }
    }

    /** The process stops: whoever waits goes on. */
    synchronized void end() {
        ended = true;
        closed.countDown();
    }

    /** What is wrong while it is open. */
    @Nullable
    Problem problem() {
        return problem;
    }

    boolean isOpen() {
        return problem != null;
    }

    /** Parks while it is open; false if it still is, or if the process stops. */
    boolean awaitClosed(Duration limit) throws InterruptedException {
        return closed.await(limit.toMillis(), TimeUnit.MILLISECONDS) && !ended;
    }
}
