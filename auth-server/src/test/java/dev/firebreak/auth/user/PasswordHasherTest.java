package dev.firebreak.auth.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.password.PasswordEncoder;

class PasswordHasherTest {
    static final Duration LONG = Duration.ofSeconds(10);

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final SlowEncoder encoder = new SlowEncoder();
    final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void letEverybodyGo() {
        encoder.release.countDown();
        callers.shutdownNow();
    }

    PasswordHasher hasher(int threads, int queue, Duration deadline) {
        return new PasswordHasher(encoder, "decoy", threads, queue, deadline, meters);
    }

    @Test
    void refusesWhatNeitherAThreadNorTheQueueCanTake() {
        try (PasswordHasher hasher = hasher(1, 1, LONG)) {
            CompletableFuture<String> working = CompletableFuture.supplyAsync(() -> hasher.hash("a"), callers);
            Eventually.within(LONG, "the thread works", () -> encoder.started.get() == 1);
            CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> hasher.hash("b"), callers);
            Eventually.within(LONG, "the queue is full", () -> gauge("auth.password.waiting") == 1);

            assertSaturated(() -> hasher.hash("c"));
            assertThat(rejected("full")).isEqualTo(1);

            encoder.release.countDown();
            assertThat(working.join()).isEqualTo("#a");
            assertThat(waiting.join()).isEqualTo("#b");
            assertThat(hasher.hash("c")).isEqualTo("#c");
        }
    }

    @Test
    void answersAtTheDeadlineAndForgetsTheWork() {
        try (PasswordHasher hasher = hasher(1, 5, Duration.ofMillis(50))) {
            assertSaturated(() -> hasher.hash("under way"));
            assertSaturated(() -> hasher.hash("still waiting"));

            assertThat(rejected("late")).isEqualTo(2);
            assertThat(gauge("auth.password.waiting")).isZero();
            encoder.release.countDown();
            Eventually.within(LONG, "the thread is free", () -> gauge("auth.password.active") == 0);
            assertThat(encoder.started).hasValue(1);
        }
    }

    @Test
    void neverHashesMoreAtOnceThanItHasThreads() {
        encoder.release.countDown();
        try (PasswordHasher hasher = hasher(2, 100, LONG)) {
            CompletableFuture<?>[] all = new CompletableFuture<?>[50];
            for (int i = 0; i < all.length; i++) {
                all[i] = CompletableFuture.runAsync(() -> hasher.hash("x"), callers);
            }
            CompletableFuture.allOf(all).join();
        }

        assertThat(encoder.started).hasValue(50);
        assertThat(encoder.most.get()).isBetween(1, 2);
    }

    @Test
    void doesTheWorkOfACheckForNobody() {
        encoder.release.countDown();
        try (PasswordHasher hasher = hasher(1, 1, LONG)) {
            hasher.matchNobody("x");
        }

        assertThat(encoder.checkedAgainst).isEqualTo("decoy");
    }

    void assertSaturated(Runnable work) {
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(work::run)
                .satisfies(e -> assertThat(e.error()).isEqualTo(ServiceError.SATURATED))
                .satisfies(e -> assertThat(e.retryAfter()).isPositive());
    }

    double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    double rejected(String reason) {
        return meters.get("auth.password.rejected")
                .tag("reason", reason)
                .counter()
                .count();
    }

    /** Hashes when it is let; knows how many work at once. */
    static final class SlowEncoder implements PasswordEncoder {
        final CountDownLatch release = new CountDownLatch(1);
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final AtomicInteger now = new AtomicInteger();
        volatile String checkedAgainst = "";

        @Override
        public String encode(CharSequence password) {
            started.incrementAndGet();
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            try {
                if (!release.await(20, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("Nobody let the encoder go");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                now.decrementAndGet();
            }
            return "#" + password;
        }

        @Override
        public boolean matches(CharSequence password, String encoded) {
            checkedAgainst = encoded;
            return encode(password).equals(encoded);
        }
    }
}
