package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestProxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that stops, hangs, refuses and comes back: nobody waits for it, and nothing rushes at it. */
class DatabaseGoneIT {
    private static final int SIZE = 4;
    private static final TestPostgres.Database DATABASE = TestPostgres.empty();

    private final TestProxy proxy = new TestProxy(DATABASE.port());
    private TestPools pools;
    private DataSource pool;

    @BeforeEach
    void start() {
        proxy.up();
        pools = TestPools.of(DATABASE, proxy.port(), SIZE, 16, true);
        pool = pools.open("a");
        Eventually.within(
                Duration.ofSeconds(10),
                "looked at",
                () -> pools.pool("a").reasons().isEmpty());
    }

    @AfterEach
    void stop() {
        pools.close();
        proxy.close();
    }

    @Test
    void aStoppedDatabaseFailsInNoTimeAndComesBackWithoutARush() throws Exception {
        proxy.stop();
        awaitAway();

        long[] nanos = new long[200];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            assertThat(refusal().error()).isEqualTo(PoolError.UNAVAILABLE);
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(5));
        assertThat(Duration.ofNanos(nanos[nanos.length * 95 / 100])).isLessThan(Duration.ofMillis(100));
        assertThat(pools.metrics
                        .get("firebreak.pool.breaker.open")
                        .tag("pool", "a")
                        .gauge()
                        .value())
                .isEqualTo(1);
        // Long enough for HikariCP's pauses between tries to have grown to seconds, had it tried.
        TimeUnit.SECONDS.sleep(6);

        int before = proxy.connections();
        proxy.up();
        long up = System.nanoTime();
        List<Thread> crowd = crowd(20, up + Duration.ofSeconds(6).toNanos());
        while (proxy.connections() == before) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        TimeUnit.SECONDS.sleep(1);
        int rush = proxy.connections() - before;
        Eventually.within(
                Duration.ofSeconds(10), "full rate", () -> pools.pool("a").isFullyOpen());
        Duration recovered = Duration.ofNanos(System.nanoTime() - up);
        for (Thread thread : crowd) {
            thread.join();
        }

        assertThat(rush).isBetween(1, 2 * SIZE);
        assertThat(recovered).isLessThan(Duration.ofSeconds(5));
        TestPools.use(pool);
        assertThat(pools.pool("a").gate().counts().active()).isZero();
    }

    /** Threads that ask again and again, as callers do. */
    private List<Thread> crowd(int count, long untilNanos) {
        List<Thread> crowd = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            crowd.add(Thread.ofVirtual().start(() -> {
                while (System.nanoTime() < untilNanos) {
                    serves();
                    try {
                        Thread.sleep(10);
                    } catch (InterruptedException e) {
                        return;
                    }
                }
            }));
        }
        return crowd;
    }

    @Test
    void aHungDatabaseIsNoticedAndEverybodyIsToldAndItHeals() throws Exception {
        proxy.hang();
        AtomicInteger told = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < 12; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    TestPools.use(pool);
                } catch (SQLException | ServiceException e) {
                    told.incrementAndGet();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(told.get()).isEqualTo(12);
        assertThat(took).isLessThan(Duration.ofSeconds(8));
        awaitAway();
        assertThat(refusal().error()).isEqualTo(PoolError.UNAVAILABLE);

        proxy.up();
        Eventually.within(Duration.ofSeconds(5), "serving", this::serves);
        Eventually.within(
                Duration.ofSeconds(5), "all open", () -> pools.pool("a").isFullyOpen());
        assertThat(pools.pool("a").gate().counts().active()).isZero();
    }

    @Test
    void aWrongPasswordIsSaidInWordsWhileTheDatabaseCountsAsThere(@TempDir Path folder) throws Exception {
        Path wrong = Files.writeString(folder.resolve("wrong"), "nonsense\n");
        var reallyAsked = new TestPostgres.Database(DATABASE.port(), DATABASE.name(), "nobody_known", wrong);
        try (TestPools refused = TestPools.of(reallyAsked, DATABASE.port(), 2, 8, true)) {
            DataSource source = refused.pools.open("a");
            Eventually.within(
                    Duration.ofSeconds(10), "known", () -> refused.pool("a").problem() != null);

            var thrown = catchThrowableOfType(ServiceException.class, () -> TestPools.use(source));

            assertThat(thrown.error()).isEqualTo(PoolError.UNAVAILABLE);
            assertThat(refused.pool("a").isAway())
                    .as("others may have connections")
                    .isFalse();
            PoolReport report = PoolReport.of(refused.pool("a"), ZoneOffset.UTC);
            assertThat(report.open()).isZero();
            assertThat(report.verdict())
                    .matches("configured 2, open 0: FATAL .*\\((28P01|28000)\\), since \\d\\d:\\d\\d");
        }
    }

    private void awaitAway() {
        Eventually.within(Duration.ofSeconds(10), "away", () -> {
            serves();
            return pools.pool("a").isAway();
        });
    }

    private boolean serves() {
        try {
            TestPools.use(pool);
            return true;
        } catch (SQLException | ServiceException e) {
            return false;
        }
    }

    private ServiceException refusal() {
        return catchThrowableOfType(ServiceException.class, () -> TestPools.use(pool));
    }
}
