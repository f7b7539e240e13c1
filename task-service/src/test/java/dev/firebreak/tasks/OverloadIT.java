package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.BusyPool;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More work than the service can finish: told at once or within the pool's wait, and health does not notice. */
class OverloadIT {
    private static final int CONNECTIONS = 2;
    private static final int IN_FLIGHT = 6;
    private static final int HEALTH_SAMPLES = 200;

    private static RunningService service;
    private static Api.Client alice;

    @BeforeAll
    static void start() {
        TestPostgres.Database database = TestPostgres.migrated();
        service = RunningService.start(
                database,
                database.port(),
                "firebreak.pools.tasks.size=" + CONNECTIONS,
                "firebreak.overload.max-in-flight=" + IN_FLIGHT);
        alice = service.api().newUser();
        Eventually.within(
                Duration.ofSeconds(15), "serving", () -> alice.get(TASKS).status() == 200);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void anExhaustedPoolIsToldWithinItsWait() throws Exception {
        try (BusyPool _ = exhausted()) {
            long start = System.nanoTime();
            Api.Answer answer = alice.get(TASKS);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.code()).isEqualTo("pool.saturated");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
            assertThat(took).isLessThan(Duration.ofSeconds(3));
        }
        assertThat(alice.get(TASKS).status()).isEqualTo(200);
    }

    @Test
    void aCallerWhoHasGoneByTheTimeOfAConnectionGetsNothingDone() throws Exception {
        List<String> codes = new ArrayList<>();
        // A machine that stalls for the whole second of the pool's wait spoils a try, not the promise.
        for (int attempt = 0; attempt < 5 && !codes.contains("request.deadline_exceeded"); attempt++) {
            try (BusyPool held = exhausted();
                    ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Api.Answer> late =
                        thread.submit(() -> alice.post(TASKS, "{\"title\":\"late\"}", "Firebreak-Timeout-Ms", "100"));
                Eventually.within(
                        Duration.ofSeconds(20),
                        "waiting for a connection",
                        () -> late.isDone()
                                || service.metrics()
                                        .contains("firebreak_pool_waiting{lane=\"user\",pool=\"tasks\"} 1.0"));
                // The deadline began before the wait, so this is past it.
                long past = System.nanoTime() + Duration.ofMillis(150).toNanos();
                Eventually.within(Duration.ofSeconds(5), "past the deadline", () -> System.nanoTime() > past);
                held.release();
                codes.add(late.get().code());
            }
        }

        assertThat(codes)
                .contains("request.deadline_exceeded")
                .isSubsetOf("request.deadline_exceeded", "pool.saturated");
        assertThat(alice.get(TASKS).body().get("items").valueStream())
                .noneMatch(task -> task.get("title").asString().equals("late"));
    }

    @Test
    void beyondTheInFlightLimitARequestIsRefusedAtOnceAndHealthIsAnsweredFast() throws Exception {
        try (BusyPool _ = exhausted();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Api.Answer>> offered = new ArrayList<>();
            for (int i = 0; i < 4 * IN_FLIGHT; i++) {
                offered.add(threads.submit(() -> alice.get(TASKS)));
            }
            long[] nanos = new long[HEALTH_SAMPLES];
            for (int i = 0; i < HEALTH_SAMPLES; i++) {
                long start = System.nanoTime();
                assertThat(service.liveness().statusCode()).isEqualTo(200);
                nanos[i] = System.nanoTime() - start;
            }
            Arrays.sort(nanos);

            assertThat(service.readiness()).startsWith("200 ");
            List<String> codes = new ArrayList<>();
            for (Future<Api.Answer> answer : offered) {
                codes.add(answer.get().code());
            }
            assertThat(codes).contains("pool.saturated", "service.saturated");
            assertThat(codes).containsOnly("pool.saturated", "service.saturated");
            // The promise is 50 ms at the 99th percentile; a test machine that others load gets ten times as much.
            assertThat(Duration.ofNanos(nanos[HEALTH_SAMPLES * 99 / 100])).isLessThan(Duration.ofMillis(500));
        }
        assertThat(service.metrics())
                .contains("firebreak_requests_refused_total", "firebreak_requests_in_flight_max{lane=\"user\"} 2.0");
    }

    @Test
    void publishesWhatThePoolDoes() {
        assertThat(service.metrics())
                .contains(
                        "hikaricp_connections{pool=\"tasks\"}",
                        "hikaricp_connections_max{pool=\"tasks\"} 2.0",
                        "hikaricp_connections_pending{pool=\"tasks\"}",
                        "hikaricp_connections_acquire_seconds_count{pool=\"tasks\"}",
                        "firebreak_pool_size{pool=\"tasks\"} 2.0",
                        "firebreak_pool_acquires_total{found=\"idle\",lane=\"user\",pool=\"tasks\"}",
                        "firebreak_pool_wait_seconds_bucket{lane=\"user\",pool=\"tasks\"",
                        "firebreak_pool_waiters_max{lane=\"user\",pool=\"tasks\"} 3.0",
                        "firebreak_pool_connect_seconds_count{pool=\"tasks\",step=\"auth\"}",
                        "firebreak_pool_rejected_total{lane=\"user\",pool=\"tasks\",reason=\"saturated\"}",
                        "firebreak_pool_breaker_open{pool=\"tasks\"} 0.0",
                        "firebreak_trust_age_seconds",
                        "firebreak_token_cache_lookups_total{result=\"hit\"}");
    }

    private static BusyPool exhausted() throws InterruptedException {
        return new BusyPool(service.bean(DataSource.class), CONNECTIONS);
    }
}
