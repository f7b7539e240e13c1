package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
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
    void aJobInAHurryRunsAgainBeforeItsIntervalIsOver() {
        AtomicReference<Loop> self = new AtomicReference<>();
        Loop loop = loop(Duration.ofHours(1), () -> {
            if (runs.incrementAndGet() < 5) {
                self.get().runAgainWithin(Duration.ofMillis(1));
            }
        });
        self.set(loop);

        loop.start();
        Eventually.within(SOON, "five runs", () -> runs.get() == 5);
        loop.stop();

        assertThat(runs).as("and then as usual").hasValue(5);
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

    @Test
    void runsFirstInTheOrderOfTheGroupsUnlessSomebodyAsks() {
        List<String> order = new CopyOnWriteArrayList<>();
        List<Loop> loops = Stream.of(Loop.Start.LAST, Loop.Start.LATER, Loop.Start.SOON, Loop.Start.FIRST)
                .map(start -> new Loop(
                        // All of one length of wait within their groups.
                        "test", start, Duration.ofHours(1), Clock.systemUTC(), metrics, () -> order.add(start.name())))
                .toList();

        loops.forEach(Loop::start);

        Eventually.within(SOON, "all have run", () -> order.size() == 4);
        assertThat(order).containsExactly("FIRST", "SOON", "LATER", "LAST");
        loops.forEach(Loop::stop);

        AtomicBoolean asked = new AtomicBoolean();
        Loop late = new Loop(
                "test", Loop.Start.LAST, Duration.ofHours(1), Clock.systemUTC(), metrics, () -> asked.set(true));
        late.runSoon();
        long before = System.nanoTime();
        late.start();
        Eventually.within(SOON, "it has run", asked::get);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(2));
        late.stop();
    }

    @Test
    void stopsWithoutARunBeforeItsFirst() {
        Loop late = new Loop(
                "test", Loop.Start.LAST, Duration.ofHours(1), Clock.systemUTC(), metrics, runs::incrementAndGet);

        late.start();
        late.stop();

        assertThat(runs.get()).isZero();
    }

    private Loop loop(Duration every, Loop.Job job) {
        return new Loop("test", every, Clock.systemUTC(), metrics, job);
    }

    private double count(String outcome) {
        return metrics.get("auth.loop.runs").tag("outcome", outcome).counter().count();
    }
}
