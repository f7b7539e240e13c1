package dev.firebreak.auth.platform;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Questions to a feed that wait for news (architecture, "Trust feed": held for 2 s at most), so that all who follow it hear
 * of them at nearly the same time. Bounded: one too many is answered at once. Each waits on the virtual thread of
 * its request, without a connection to a database; when this process stops, all are answered.
 */
public final class HeldQuestions implements SmartLifecycle {
    public static final Duration LONGEST = Duration.ofSeconds(2);

    /** Fifty nodes for each of ten clients. */
    private static final int MOST = 500;

    /** RFC 7240, section 4.3. */
    private static final Pattern WAIT = Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,6})\"?\\s*(?=[,;]|$)");

    private final Semaphore room = new Semaphore(MOST);
    private final AtomicInteger held = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition read = lock.newCondition();
    private volatile boolean open = true;

    /** How long the header {@code Prefer: wait=SECONDS} asks to be held; zero without one. */
    public static Duration wished(@Nullable String prefer) {
        Matcher wait = WAIT.matcher(prefer == null ? "" : prefer);
        if (!wait.find()) {
            return Duration.ZERO;
        }
        Duration wished = Duration.ofSeconds(Long.parseLong(wait.group(1)));
        return wished.compareTo(LONGEST) < 0 ? wished : LONGEST;
    }

    /** Returns once there is news, after {@code longest}, or when there is no room or no time to wait. */
    public void await(BooleanSupplier news, Duration longest) {
        if (!longest.isPositive() || !room.tryAcquire()) {
            return;
        }
        held.incrementAndGet();
        lock.lock();
        try {
            long left = longest.toNanos();
            while (open && left > 0 && !news.getAsBoolean()) {
                left = read.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
            held.decrementAndGet();
            room.release();
        }
    }

    /** After a read: those for whom it brought something are answered. */
    public void wake() {
        lock.lock();
        try {
            read.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Questions that wait now. */
    public int count() {
        return held.get();
    }

    @Override
    public void start() {
        open = true;
    }

    /** First of all that stops: a server that ends in good order waits for its requests. */
    @Override
    public void stop() {
        open = false;
        wake();
    }

    @Override
    public boolean isRunning() {
        return open;
    }
}
