package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Fault;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tally;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Traffic;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The other side of the firebreak: the tasks' own database goes, and nothing but tasks is affected. */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TasksOutageContract {
    private static final Duration OUTAGE = Duration.ofSeconds(12);

    private final Fault fault;
    private final SystemStack stack;
    private Traffic traffic;
    private Browser browser;
    private Answer degraded;
    private Duration recovered;

    TasksOutageContract(Fault fault, SystemStack stack) {
        this.fault = fault;
        this.stack = stack;
    }

    @BeforeAll
    @Timeout(240)
    void liveThroughTheOutage() {
        browser = stack.users().signedIn(Person.ALICE);
        String bearer = stack.users().bearer(Person.BOB);
        ApiClient service = new ApiClient(stack.direct(Part.TASK_SERVICE), null);

        traffic = new Traffic("warm-up");
        traffic.lane("tasks", 4, Duration.ofMillis(50), () -> Tasks.of(browser).list());
        traffic.lane("writes", 2, Duration.ofMillis(80), () -> Tasks.of(browser).add("x"));
        traffic.lane("bearer", 2, Duration.ofMillis(50), () -> stack.api(bearer).get(Tasks.PATH));
        traffic.lane("session", 1, Duration.ofMillis(40), () -> browser.fetch("GET", "/session", null));
        traffic.lane(
                "gateway health",
                1,
                Duration.ofMillis(40),
                () -> stack.api(null).get("/readyz"));
        traffic.lane("task-service health", 1, Duration.ofMillis(40), () -> service.get("/readyz"));
        traffic.lane("task-service liveness", 1, Duration.ofMillis(40), () -> service.get("/livez"));
        flows("warm-up");
        traffic.phase("before");
        flows("before");

        traffic.phase("turn");
        fault.strike(stack, Part.TASKS_DB);
        traffic.phase("outage");
        long end = System.nanoTime() + OUTAGE.toNanos();
        Await.until(
                "the outage's end",
                OUTAGE.plusSeconds(30),
                () -> System.nanoTime() > end
                        && traffic.tally("tasks", "outage").count() > 4);
        degraded = service.get("/readyz");

        traffic.phase("recovery");
        // What began during the outage gets its answer during the outage.
        traffic.betweenCalls(() -> fault.mend(stack, Part.TASKS_DB));
        long mended = System.nanoTime();
        Await.until(
                "tasks again", Duration.ofSeconds(60), () -> Tasks.of(browser).list(), a -> a.status() == 200);
        recovered = Duration.ofNanos(System.nanoTime() - mended);
        Await.until(
                "health says so",
                Duration.ofSeconds(30),
                () -> service.get("/readyz"),
                a -> a.json().path("status").asString().equals("ok"));
        traffic.phase("after");
        flows("after");
        traffic.close();
        report();
    }

    @AfterAll
    void stop() {
        if (traffic != null) {
            traffic.close();
        }
    }

    private void flows(String phase) {
        Await.until(
                "traffic flows " + phase,
                Duration.ofSeconds(30),
                () -> traffic.tally("writes", phase).count("201") > 10);
    }

    @Test
    void taskCallsAreUnavailableWithinFiveSeconds() {
        for (String lane : List.of("tasks", "writes", "bearer")) {
            Tally during = traffic.tally(lane, "outage");
            // Which 503 it is depends on who notices first; that it carries Retry-After is asked of each answer (Wire).
            assertThat(during.outcomes().keySet())
                    .as(during.toString())
                    .isNotEmpty()
                    .allMatch(o -> o.startsWith("503 "));
            // Those under way when the fault struck wait for a reader that has gone silent: the hardest case.
            for (String phase : List.of("before", "turn", "outage")) {
                Tally tally = traffic.tally(lane, phase);
                if (tally.count() > 0) {
                    assertThat(tally.max()).as(phase + " " + tally).isLessThan(Limits.OUTAGE_ANSWER);
                }
            }
        }
    }

    @Test
    void nobodyIsLoggedOutAndNothingElseIsSaid() {
        assertThat(traffic.all()).allSatisfy(tally -> {
            assertThat(tally.count("401")).as(tally.toString()).isZero();
            assertThat(tally.count("500")).as(tally.toString()).isZero();
            assertThat(tally.count("failed")).as(tally.toString()).isZero();
        });
        browser.fetch("GET", "/session", null).expect(200);
    }

    @Test
    void theSessionStaysFast() {
        assertFast("session");
    }

    @Test
    void healthStaysFast() {
        assertFast("gateway health");
        assertFast("task-service health");
        assertFast("task-service liveness");
    }

    @Test
    void theTaskServiceSaysThatItIsDegraded() {
        degraded.expect(200);
        assertThat(degraded.json().path("status").asString()).isEqualTo("degraded");
        assertThat(degraded.json().path("reasons")).isNotEmpty();
    }

    @Test
    void everythingHealsByItself() {
        assertThat(traffic.tally("tasks", "after").outcomes()).containsOnlyKeys("200");
        assertThat(traffic.tally("writes", "after").outcomes()).containsOnlyKeys("201");
        assertThat(traffic.tally("bearer", "after").outcomes()).containsOnlyKeys("200");
    }

    private void assertFast(String lane) {
        Tally during = traffic.tally(lane, "outage");
        assertThat(during.outcomes()).as(during.toString()).containsOnlyKeys("200");
        assertThat(during.percentile(0.99)).as(during.toString()).isLessThan(Limits.FAST);
    }

    private void report() {
        String group = "tasks-db " + fault.word();
        for (String lane : List.of("tasks", "writes", "session", "gateway health", "task-service health")) {
            Figures.record(
                    group, lane + ", before", traffic.tally(lane, "before").summary());
            Figures.record(
                    group, lane + ", during", traffic.tally(lane, "outage").summary());
        }
        Figures.record(group, "first task list after the end", recovered);
    }
}
