package dev.firebreak.starter.test;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** Holds connections of a pool until it is closed, each on a thread of its own: no thread may hold two. */
public final class BusyPool implements AutoCloseable {
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /** Returns once all are held. */
    public BusyPool(DataSource pool, int connections) throws InterruptedException {
        CountDownLatch held = new CountDownLatch(connections);
        AtomicInteger failed = new AtomicInteger();
        for (int i = 0; i < connections; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try (Connection connection = pool.getConnection();
                        var statement = connection.createStatement()) {
                    // A lazy data source takes a real connection with the first statement only.
                    statement.execute("SELECT 1");
                    held.countDown();
                    end.await();
                } catch (SQLException | RuntimeException e) {
                    failed.incrementAndGet();
                    held.countDown();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        held.await();
        if (failed.get() > 0) {
            close();
            throw new IllegalStateException(failed.get() + " connections could not be had");
        }
    }

    @Override
    public void close() {
        release();
    }

    /** Gives them back; returns once they are. */
    public void release() {
        end.countDown();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
