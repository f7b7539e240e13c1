package dev.firebreak.auth.user;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Computes password hashes on a few platform threads with a bounded queue in front, so that a login storm costs at most
 * these threads and every caller hears within the deadline. Being full is {@code service.saturated}, never a wrong
 * password. Callers must hold no database connection: a hash takes 30 ms and more.
 */
final class PasswordHasher implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final PasswordEncoder encoder;
    private final String decoy;
    private final ThreadPoolExecutor workers;
    private final Duration deadline;
    private final Timer hashing;
    private final Counter full;
    private final Counter late;

    /**
     * @param decoy a hash that nothing matches, at today's cost
     * @param queue hashes that may wait for a thread
     * @param deadline longest time from asking for a hash to having it, waiting included
     */
    PasswordHasher(
            PasswordEncoder encoder, String decoy, int threads, int queue, Duration deadline, MeterRegistry meters) {
        this.encoder = encoder;
        this.decoy = decoy;
        this.deadline = deadline;
        // Platform threads on purpose: the work is pure CPU, and a virtual thread would hold its carrier for 30 ms.
        ThreadFactory threadFactory =
                Thread.ofPlatform().name("password-", 0).daemon().factory();
        this.workers = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                task -> threadFactory.newThread(Niceness.nicest(task)));
        this.hashing = Timer.builder("auth.password.hash")
                .description("Time to compute one password hash, waiting excluded")
                .register(meters);
        this.full = rejected("full", meters);
        this.late = rejected("late", meters);
        Gauge.builder("auth.password.waiting", workers, w -> w.getQueue().size())
                .description("Password hashes that wait for a thread")
                .register(meters);
        Gauge.builder("auth.password.active", workers, ThreadPoolExecutor::getActiveCount)
                .description("Password hashes being computed")
                .register(meters);
    }

    private static Counter rejected(String reason, MeterRegistry meters) {
        return Counter.builder("auth.password.rejected")
                .description("Password hashes not computed because the queue was full or the deadline passed")
                .tag("reason", reason)
                .register(meters);
    }

    /** The production set-up. */
    static PasswordHasher of(PasswordProperties properties, MeterRegistry meters) {
        Argon2id.Cost cost = properties.cost();
        // One pool for each worker thread, kept between hashes: 19 MiB a thread instead of 19 MiB of garbage a hash.
        ThreadLocal<BlockPool> pool = ThreadLocal.withInitial(() -> new FixedBlockPool(cost.blocks()));
        Argon2id encoder = new Argon2id(cost, pool::get, new SecureRandom());
        return new PasswordHasher(
                encoder,
                encoder.decoy(),
                properties.threadCount(),
                properties.queueLength(),
                properties.deadline(),
                meters);
    }

    /** The hash of a new password. */
    String hash(String password) {
        return run(() -> encoder.encode(password));
    }

    /** Whether the password belongs to the hash. */
    boolean matches(String password, String hash) {
        return run(() -> encoder.matches(password, hash));
    }

    /** Does the work of a check whose answer is no, for somebody who does not exist. */
    void matchNobody(String password) {
        matches(password, decoy);
    }

    /** Whether the hash was made at another cost than today's; computes nothing. */
    boolean isOutdated(String hash) {
        return encoder.upgradeEncoding(hash);
    }

    private <T> T run(Callable<T> work) {
        // A caller that gave up cancels its task, and a cancelled task costs the worker nothing.
        FutureTask<T> task = new FutureTask<>(hashing.wrap(work));
        try {
            workers.execute(task);
            return task.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            full.increment();
            throw saturated();
        } catch (TimeoutException e) {
            late.increment();
            task.cancel(false);
            workers.remove(task);
            throw saturated();
        } catch (InterruptedException e) {
            task.cancel(false);
            workers.remove(task);
            Thread.currentThread().interrupt();
            throw saturated();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Password hash failed", e.getCause());
        }
    }

    private static ServiceException saturated() {
        return new ServiceException(
                ServiceError.SATURATED, "Too many sign-ins at this moment; try again shortly.", RETRY_AFTER);
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
