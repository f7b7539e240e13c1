package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import dev.firebreak.starter.test.BusyPool;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.trace.Trace;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.servlet.HandlerMapping;

/** The gate around real connections. */
@ExtendWith(OutputCaptureExtension.class)
class GatedPoolIT {
    private static final TestPostgres.Database DATABASE = TestPostgres.empty();

    @Test
    void twoThousandVirtualThreadsShareTenConnections() throws Exception {
        try (TestPools pools = pools(10, 10_000, true)) {
            DataSource pool = pools.open("a");
            AtomicInteger done = new AtomicInteger();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                Lane lane = Lane.IN_ORDER.get(i % Lane.IN_ORDER.size());
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        untilServed(pool, lane);
                        done.incrementAndGet();
                    } catch (Exception e) {
                        failure.set(e);
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(failure.get()).isNull();
            assertThat(done.get()).isEqualTo(2_000);
            assertThat(pools.pool("a").gate().counts().active()).isZero();
            assertThat(pools.pool("a").gate().counts().waiting()).isZero();
            assertThat(pools.hikari("a").getHikariPoolMXBean().getActiveConnections())
                    .isZero();
            assertThat(pools.count("firebreak.pool.connections.created", "pool", "a"))
                    .as("none was made for them")
                    .isEqualTo(10);
        }
    }

    private static void untilServed(DataSource pool, Lane lane) throws Exception {
        while (true) {
            try {
                Lanes.<SQLException>in(lane, () -> TestPools.use(pool));
                return;
            } catch (ServiceException e) {
                // A slow machine does not serve 2,000 within the longest wait.
                assertThat(e.error()).isEqualTo(PoolError.SATURATED);
            }
        }
    }

    @Test
    void aConnectionWithinAConnectionIsRefusedOverDifferentPoolsToo() throws Exception {
        try (TestPools pools = pools(2, 4, true)) {
            DataSource first = pools.open("a");
            DataSource second = pools.open("b");

            try (Connection held = first.getConnection();
                    Statement statement = held.createStatement()) {
                statement.execute("SELECT 1");
                assertThatIllegalStateException()
                        .isThrownBy(() -> TestPools.use(second))
                        .withMessageContainingAll("pool b", "pool a", "firebreak.nested-connections");
                assertThatIllegalStateException().isThrownBy(() -> TestPools.use(first));
            }

            TestPools.use(second);
            TestPools.use(first);
            assertThat(pools.count("firebreak.pool.nested", "pool", "b")).isEqualTo(1);
        }
    }

    @Test
    void inProductionItIsCountedAndNeverWaits(CapturedOutput output) throws Exception {
        try (TestPools pools = pools(1, 4, false)) {
            DataSource first = pools.open("a");
            DataSource second = pools.open("b");

            try (Connection held = first.getConnection();
                    Statement statement = held.createStatement()) {
                statement.execute("SELECT 1");
                TestPools.use(second);
                assertThatExceptionOfType(ServiceException.class)
                        .isThrownBy(() -> TestPools.use(first))
                        .extracting(ServiceException::error)
                        .isEqualTo(PoolError.SATURATED);
            }

            assertThat(pools.count("firebreak.pool.nested", "pool", "a")).isEqualTo(1);
            assertThat(pools.count("firebreak.pool.nested", "pool", "b")).isEqualTo(1);
            assertThat(output.getOut().lines().filter(it -> it.contains("was asked for while")))
                    .hasSize(1);
        }
    }

    @Test
    void aConnectionThatAnotherThreadClosesDoesNotCountForTheFirst() throws Exception {
        try (TestPools pools = pools(1, 4, true)) {
            DataSource pool = pools.open("a");
            Connection passedOn = pool.getConnection();
            try (Statement statement = passedOn.createStatement()) {
                statement.execute("SELECT 1");
            }
            Thread other = Thread.ofVirtual().start(() -> {
                try {
                    passedOn.close();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            other.join();

            TestPools.use(pool);
            assertThat(pools.pool("a").gate().counts().active()).isZero();
        }
    }

    @Test
    void anInterruptedWaitLeavesNoPermitLost() throws Exception {
        try (TestPools pools = pools(1, 4, true)) {
            DataSource pool = pools.open("a");
            try (BusyPool _ = new BusyPool(pool, 1)) {
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                Thread waiting = Thread.ofVirtual().start(() -> {
                    try {
                        TestPools.use(pool);
                    } catch (SQLException | RuntimeException e) {
                        thrown.set(e);
                    }
                });
                Eventually.within(
                        Duration.ofSeconds(10),
                        "waiting",
                        () -> !waiting.isAlive()
                                || pools.pool("a").gate().counts().waiting() == 1);
                waiting.interrupt();
                waiting.join();

                assertThat(thrown.get()).isInstanceOf(ServiceException.class);
                assertThat(pools.metrics
                                .get("firebreak.pool.rejected")
                                .tags("reason", "interrupted", "lane", "background")
                                .counter()
                                .count())
                        .isEqualTo(1);
            }
            TestPools.use(pool);
            assertThat(pools.pool("a").gate().counts().active()).isZero();
        }
    }

    @Test
    void abortAndUnwrapAndEqualityWorkAsForAnyConnection() throws Exception {
        try (TestPools pools = pools(1, 4, true)) {
            DataSource lazy = pools.open("a");
            DataSource pool = new GatedDataSource(pools.pool("a"), new NestingRule(true), Clock.systemUTC());
            Connection connection = pool.getConnection();
            Connection same = connection;
            assertThat(connection).isEqualTo(same).hasSameHashCodeAs(same);
            assertThat(connection.isWrapperFor(org.postgresql.PGConnection.class))
                    .isTrue();
            assertThat(connection.unwrap(org.postgresql.PGConnection.class).getBackendPID())
                    .isPositive();
            assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
            assertThat(connection.toString()).startsWith("a: ");

            connection.abort(Runnable::run);

            assertThat(pools.pool("a").gate().counts().active()).isZero();
            Eventually.within(Duration.ofSeconds(10), "a new one", () -> {
                try {
                    TestPools.use(lazy);
                    return true;
                } catch (SQLException | ServiceException e) {
                    return false;
                }
            });
        }
    }

    @Test
    void aTransactionWithoutSqlTakesNothing() throws Exception {
        try (TestPools pools = pools(1, 4, true)) {
            DataSource pool = pools.open("a");
            try (Connection unused = pool.getConnection()) {
                unused.setAutoCommit(false);
                unused.commit();
                assertThat(pools.pool("a").gate().counts().active()).isZero();
            }
        }
    }

    @Test
    void whoeverKeepsAConnectionIsReportedOnce(CapturedOutput output) throws Exception {
        try (TestPools pools = TestPools.of(DATABASE, DATABASE.port(), 1, 4, true, Duration.ofMillis(100))) {
            try (BusyPool _ = new BusyPool(pools.open("a"), 1)) {
                Eventually.within(
                        Duration.ofSeconds(10),
                        "reported",
                        () -> pools.count("firebreak.pool.leaks", "pool", "a") == 1);
                pools.pool("a").lookSoon();
                pools.pool("a").lookSoon();
            }
            assertThat(pools.count("firebreak.pool.leaks", "pool", "a")).isEqualTo(1);
            assertThat(output)
                    .contains("A connection of the pool a is held for", "(lane background, trace null)")
                    .contains("dev.firebreak.starter.test.BusyPool");
        }
    }

    @Test
    void aFullPoolIsNotHelpedOutByAnother() throws Exception {
        try (TestPools pools = pools(1, 1, true)) {
            pools.open("b");
            DataSource full = pools.open("a");
            try (BusyPool _ = new BusyPool(full, 1)) {
                assertThatExceptionOfType(ServiceException.class)
                        .isThrownBy(() -> TestPools.use(full))
                        .satisfies(e -> assertThat(e.error()).isEqualTo(PoolError.SATURATED));
            }

            assertThat(pools.metrics
                            .get("firebreak.pool.acquires")
                            .tags("pool", "b")
                            .counters())
                    .isNotEmpty()
                    .allMatch(counter -> counter.count() == 0);
        }
    }

    @Test
    void aLeakNamesTheRouteAndTheTrace(CapturedOutput output) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/v1/things/7");
        String trace = Trace.of(request).traceId();
        request.setAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, "/api/v1/things/{id}");
        RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request));
        try (TestPools pools = TestPools.of(DATABASE, DATABASE.port(), 1, 4, true, Duration.ofMillis(100));
                Connection held = pools.open("a").getConnection();
                Statement statement = held.createStatement()) {
            statement.execute("SELECT 1");
            Eventually.within(
                    Duration.ofSeconds(10), "reported", () -> pools.count("firebreak.pool.leaks", "pool", "a") == 1);
        } finally {
            RequestContextHolder.resetRequestAttributes();
        }

        assertThat(output)
                .contains("GET /api/v1/things/{id}")
                .contains("trace " + trace)
                .doesNotContain("/api/v1/things/7");
    }

    @Test
    void tellsHowLongOpeningTook() {
        try (TestPools pools = pools(2, 4, true)) {
            pools.open("a");

            var tcp = pools.metrics
                    .get("firebreak.pool.connect")
                    .tags("pool", "a", "step", "tcp")
                    .timer();
            var auth = pools.metrics
                    .get("firebreak.pool.connect")
                    .tags("pool", "a", "step", "auth")
                    .timer();
            assertThat(tcp.count()).isEqualTo(2);
            assertThat(tcp.totalTime(TimeUnit.NANOSECONDS)).isPositive();
            assertThat(auth.totalTime(TimeUnit.NANOSECONDS)).isPositive();
        }
    }

    private static TestPools pools(int size, int maxWaiters, boolean refuseNested) {
        return TestPools.of(DATABASE, DATABASE.port(), size, maxWaiters, refuseNested);
    }
}
