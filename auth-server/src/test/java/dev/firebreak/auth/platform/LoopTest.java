package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
    static final Duration SOON = Duration.ofSeconds(5);

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final AtomicInteger runs = new AtomicInteger();

    @Test
    void goesOnAfterAFailureAndCountsIt() {
        Loop loop = loop(Duration.ofMillis(5), () -> {
            if (runs.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("every other time");
            }
        });

        loop.start();
        Eventually.within(SOON, "ten runs", () -> runs.get() >= 10);
        loop.stop();

        assertThat(count("failed")).isGreaterThanOrEqualTo(4);
        assertThat(count("succeeded")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void goesOnAfterAnErrorAndCountsIt() {
        Loop loop = loop(Duration.ofMillis(5), () -> {
            if (runs.incrementAndGet() % 2 == 1) {
                throw new NoClassDefFoundError("every other time");
            }
        });

        loop.start();
        Eventually.within(SOON, "ten runs", () -> runs.get() >= 10);
        loop.stop();

        assertThat(count("failed")).isGreaterThanOrEqualTo(4);
        assertThat(count("succeeded")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void goesOnWhenSomebodyInterruptsItWithoutAStop() {
        Loop loop = loop(Duration.ofMillis(5), () -> {
            if (runs.incrementAndGet() % 2 == 1) {
                throw new InterruptedException("nobody stopped the loop");
            }
            Thread.currentThread().interrupt();
        });

        loop.start();
        Eventually.within(SOON, "ten runs", () -> runs.get() >= 10);
        loop.stop();

        assertThat(count("failed")).isGreaterThanOrEqualTo(4);
    }

    @Test
    void stopsAtOnceWhileItWaitsForTheNextRun() {
        for (int i = 0; i < 200; i++) {
            AtomicInteger own = new AtomicInteger();
            Loop loop = new Loop("test", Duration.ofHours(1), Clock.systemUTC(), metrics, own::incrementAndGet);
            loop.start();
            Eventually.within(SOON, "the first run", () -> own.get() == 1);

            long before = System.nanoTime();
            loop.stop();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        }
    }

    @Test
    void runsOnceSoonForManyWhoAsk() {
        CountDownLatch asked = new CountDownLatch(1);
        Loop loop = loop(Duration.ofHours(1), () -> {
            runs.incrementAndGet();
            asked.await();
        });
        loop.start();
        Eventually.within(SOON, "the first run", () -> runs.get() == 1);

        for (int i = 0; i < 100; i++) {
            loop.runSoon();
        }
        asked.countDown();

        Eventually.within(SOON, "another run", () -> runs.get() == 2);
        loop.stop();
        assertThat(runs.get()).isEqualTo(2);
    }

    @Test
    void interruptsItsJobWhenItStopsAndCountsNoFailure() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        Loop loop = loop(Duration.ofMillis(5), () -> {
            started.countDown();
            Thread.sleep(Duration.ofMinutes(1));
        });
        loop.start();
        assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();

        long before = System.nanoTime();
        loop.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        assertThat(loop.isRunning()).isFalse();
        assertThat(count("failed")).isZero();
    }

    @Test
    void alwaysRunsHoweverFastItsThreadStarts() {
        for (int i = 0; i < 500; i++) {
            AtomicInteger own = new AtomicInteger();
            Loop loop = new Loop("test", Duration.ofHours(1), Clock.systemUTC(), metrics, own::incrementAndGet);
            loop.start();
            Eventually.within(SOON, "the first run", () -> own.get() == 1);
            loop.stop();
        }
    }

    private Loop loop(Duration every, Loop.Job job) {
        return new Loop("test", every, Clock.systemUTC(), metrics, job);
    }

    private double count(String outcome) {
        return metrics.get("auth.loop.runs").tag("outcome", outcome).counter().count();
    }
}
