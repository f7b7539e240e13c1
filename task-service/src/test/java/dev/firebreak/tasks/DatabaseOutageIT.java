package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestProxy;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** One service through the troubles of its database, in the order in which they come. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DatabaseOutageIT {
    private static final Duration RECOVERY = Duration.ofSeconds(15);
    /** A caller is told within this time, whatever the database does. */
    private static final Duration TOLD = Duration.ofSeconds(5);

    private static TestProxy database;
    private static RunningService service;
    private static Api.Client alice;

    @BeforeAll
    static void startWithoutADatabase() {
        TestPostgres.Database real = TestPostgres.migrated();
        database = new TestProxy(real.port());
        service = RunningService.start(real, database.port(), "firebreak.pools.tasks.size=3");
        alice = service.api().newUser();
    }

    @AfterAll
    static void stop() {
        service.close();
        database.close();
    }

    @Test
    @Order(1)
    void startsWithItsDatabaseStoppedAndIsNotReady() {
        assertThat(service.liveness().statusCode()).isEqualTo(200);
        assertThat(service.readiness())
                .isEqualTo("503 {\"status\":\"down\",\"reasons\":[\"pool.tasks.unreachable\",\"schema.unread\"]}");
        assertUnavailable();
    }

    @Test
    @Order(2)
    void becomesReadyByItself() {
        database.up();

        Eventually.within(
                RECOVERY, "ready", () -> service.readiness().equals("200 {\"status\":\"ok\",\"reasons\":[]}"));
        Eventually.within(RECOVERY, "serving", () -> alice.get(TASKS).status() == 200);
    }

    @Test
    @Order(3)
    void aLostDatabaseIsDegradedAndAnswers503() {
        database.stop();

        Eventually.within(
                RECOVERY,
                "degraded",
                () -> service.readiness()
                        .equals("200 {\"status\":\"degraded\",\"reasons\":[\"pool.tasks.unreachable\"]}"));
        assertUnavailable();
        assertThat(service.metrics()).contains("firebreak_pool_reachable{pool=\"tasks\"} 0");
    }

    @Test
    @Order(4)
    void recoversByItself() {
        database.up();

        Eventually.within(RECOVERY, "ready", () -> service.readiness().startsWith("200 {\"status\":\"ok\""));
        Eventually.within(RECOVERY, "serving", () -> alice.task("after").status() == 201);
        assertThat(service.metrics()).contains("firebreak_pool_reachable{pool=\"tasks\"} 1");
    }

    @Test
    @Order(5)
    void aHungDatabaseIsToldInTimeAndHealthStaysFast() {
        database.hang();

        assertUnavailable();
        assertThat(time(() -> assertThat(service.liveness().statusCode()).isEqualTo(200)))
                .isLessThan(Duration.ofMillis(500));
        Eventually.within(RECOVERY, "degraded", () -> service.readiness().startsWith("200 {\"status\":\"degraded\""));
        assertUnavailable();
    }

    @Test
    @Order(6)
    void healsFromThatToo() {
        database.up();

        Eventually.within(RECOVERY, "serving", () -> alice.task("healed").status() == 201);
        Eventually.within(RECOVERY, "ready", () -> service.readiness().startsWith("200 {\"status\":\"ok\""));
    }

    private static void assertUnavailable() {
        Duration took = time(() -> {
            Api.Answer answer = alice.get(TASKS);
            assertThat(answer.status()).as(answer.text()).isEqualTo(503);
            assertThat(answer.code()).isIn("pool.unavailable", "pool.saturated");
            assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
        });
        assertThat(took).isLessThan(TOLD);
    }

    private static Duration time(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
