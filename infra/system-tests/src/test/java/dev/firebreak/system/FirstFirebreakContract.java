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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The first firebreak: everything that knows who people are goes away for two minutes, and those who are signed in do not
 * notice. Settings are production's; the clock is compressed instead: of the two minutes, twelve steps of nine seconds are
 * jumps of the stack's clock, about one second of real time after another. Every session comes due for renewal in that
 * time. Calls go on all the while and each answer is counted.
 */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FirstFirebreakContract {
    private static final int STEPS = 12;
    private static final Duration JUMP = Duration.ofSeconds(9);
    private static final Duration REAL = Duration.ofSeconds(1);

    /** So old are the access tokens when the outage begins: all come due, at 5 min ± 30 s, before it ends. */
    private static final Duration TOKEN_AGE = Duration.ofMinutes(4);

    /** Right after a start the first calls are slow; that is not what is looked at here. */
    private static final String WARM_UP = "warm-up";

    private static final String OUTAGE = "outage";

    private final Fault fault;
    private final SystemStack stack;
    private final List<Browser> browsers = new ArrayList<>();
    private final AtomicInteger cleared = new AtomicInteger();
    private Traffic traffic;
    private Browser leaver;
    private Browser leaversThief;
    private Answer discovery;
    private Answer keys;
    private Answer login;
    private Answer logout;
    private final List<Answer> sessions = new ArrayList<>();
    private Duration recovered;

    FirstFirebreakContract(Fault fault, SystemStack stack) {
        this.fault = fault;
        this.stack = stack;
    }

    @BeforeAll
    @Timeout(300)
    void liveThroughTheOutage() {
        for (Person person : List.of(Person.ALICE, Person.BOB, stack.users().create())) {
            browsers.add(stack.users().signedIn(person));
        }
        leaver = stack.users().signedIn(stack.users().create());
        leaversThief = leaver.copy();
        stack.clock().advance(TOKEN_AGE);
        String bearer = stack.users().bearer(Person.ALICE);
        String service =
                stack.users().clientCredentials("demo-service", "tasks:read").access();

        traffic = new Traffic(WARM_UP);
        for (Browser browser : browsers) {
            traffic.lane(
                    "read",
                    1,
                    Duration.ofMillis(40),
                    () -> watched(browser, Tasks.of(browser).list()));
            traffic.lane("session", 1, Duration.ofMillis(60), () -> watched(browser, session(browser)));
            traffic.lane(
                    "write",
                    1,
                    Duration.ofMillis(150),
                    () -> watched(browser, Tasks.of(browser).add("x")));
        }
        traffic.lane("bearer", 1, Duration.ofMillis(60), () -> stack.api(bearer).get(Tasks.PATH));
        traffic.lane(
                "service", 1, Duration.ofMillis(100), () -> stack.api(service).get(Tasks.PATH));
        traffic.lane("health", 1, Duration.ofMillis(60), () -> stack.api(null).get("/readyz"));
        traffic.lane("health of the task service", 1, Duration.ofMillis(60), () -> tasksHealth());
        flows(WARM_UP);
        traffic.phase("before");
        flows("before");

        traffic.phase(OUTAGE);
        fault.strike(stack, Part.AUTH_DB);
        fault.strike(stack, Part.AUTH_SERVER);
        for (int step = 0; step < STEPS; step++) {
            traffic.betweenCalls(() -> stack.clock().advance(JUMP));
            int before = traffic.tally("read", OUTAGE).count();
            long end = System.nanoTime() + REAL.toNanos();
            Await.until(
                    "a second of calls",
                    Duration.ofSeconds(10),
                    () -> System.nanoTime() > end
                            && traffic.tally("read", OUTAGE).count() > before);
        }
        discovery = stack.api(null).get("/auth/.well-known/openid-configuration");
        keys = stack.api(null).get("/auth/oauth2/jwks");
        login = stack.browser().navigate("/login?return_to=/");
        logout = leaver.fetch("POST", "/logout", null);
        for (Browser browser : browsers) {
            sessions.add(session(browser));
        }

        traffic.phase("recovery");
        long mended = System.nanoTime();
        fault.mend(stack, Part.AUTH_DB);
        fault.mend(stack, Part.AUTH_SERVER);
        for (Browser browser : browsers) {
            Await.until(
                    "renewal ok again",
                    Duration.ofSeconds(60),
                    () -> session(browser),
                    answer -> answer.json().path("renewal").asString().equals("ok"));
        }
        recovered = Duration.ofNanos(System.nanoTime() - mended);
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
        browsers.clear();
    }

    @Test
    void everyCallOfASignedInUserSucceeds() {
        for (String phase : List.of("before", OUTAGE, "recovery", "after")) {
            assertThat(traffic.tally("read", phase).outcomes())
                    .as(phase + " " + traffic.tally("read", phase))
                    .containsOnlyKeys("200");
            assertThat(traffic.tally("write", phase).outcomes())
                    .as(phase + " " + traffic.tally("write", phase))
                    .containsOnlyKeys("201");
            assertThat(traffic.tally("session", phase).outcomes())
                    .as(phase + " " + traffic.tally("session", phase))
                    .containsOnlyKeys("200");
            assertThat(traffic.tally("bearer", phase).outcomes())
                    .as(phase + " " + traffic.tally("bearer", phase))
                    .containsOnlyKeys("200");
        }
        assertThat(traffic.tally("read", OUTAGE).count()).isGreaterThan(100);
    }

    @Test
    void everyCallOfAServiceGoesOnAsBefore() {
        Map<String, Integer> before = traffic.tally("service", "before").outcomes();

        // A service has no tasks of its own: that it is told so, and nothing else, is its good answer.
        assertThat(before.keySet()).hasSize(1).isSubsetOf("200", "403 auth.user_required");
        assertThat(traffic.tally("service", OUTAGE).outcomes()).containsOnlyKeys(before.keySet());
    }

    @Test
    void nobodyIsLoggedOut() {
        assertThat(traffic.all())
                .allSatisfy(tally ->
                        assertThat(tally.count("401")).as(tally.toString()).isZero());
        assertThat(cleared).as("cookies cleared").hasValue(0);
        for (Browser browser : browsers) {
            session(browser).expect(200);
        }
    }

    @Test
    void theSessionSaysThatItsRenewalIsDelayed() {
        assertThat(sessions).hasSameSizeAs(browsers).allSatisfy(answer -> {
            answer.expect(200);
            assertThat(answer.json().path("renewal").asString()).isEqualTo("delayed");
            assertThat(answer.json().path("valid_until").asString()).isNotBlank();
        });
    }

    @Test
    void healthStaysFast() {
        Tally gateway = traffic.tally("health", OUTAGE);
        Tally tasks = traffic.tally("health of the task service", OUTAGE);

        assertThat(gateway.outcomes()).containsOnlyKeys("200");
        assertThat(tasks.outcomes()).containsOnlyKeys("200");
        assertThat(gateway.percentile(0.99)).as(gateway.toString()).isLessThan(Limits.FAST);
        assertThat(tasks.percentile(0.99)).as(tasks.toString()).isLessThan(Limits.FAST);
    }

    @Test
    void theGatewayAnswersDiscoveryAndKeysByItself() {
        discovery.expect(200);
        assertThat(discovery.json().path("issuer").asString()).isEqualTo(stack.issuer());
        keys.expect(200);
        assertThat(keys.json().path("keys")).isNotEmpty();
    }

    @Test
    void signingInIsUnavailableAndSaysSo() {
        assertThat(login.status()).as(login::toString).isEqualTo(503);
        assertThat(login.header("content-type")).startsWith("text/html");
    }

    @Test
    void whoSignsOutIsSignedOutHereAtOnceAndEverywhereLater() {
        logout.expect(200);
        assertThat(logout.json().path("everywhere").asBoolean(true)).isFalse();

        leaver.fetch("GET", "/session", null).expectProblem(401, "auth.token_missing");
        Await.until(
                "the order was kept and carried out",
                Duration.ofSeconds(30),
                () -> Tasks.of(leaversThief).list(),
                answer -> answer.status() == 401);
    }

    private void flows(String phase) {
        Await.until(
                "traffic flows " + phase,
                Duration.ofSeconds(30),
                () -> traffic.tally("write", phase).count("201") > 5);
    }

    private Answer session(Browser browser) {
        return browser.fetch("GET", "/session", null);
    }

    private Answer tasksHealth() {
        return new ApiClient(stack.direct(Part.TASK_SERVICE), null).get("/readyz");
    }

    /** Notices when an answer takes the session cookie away. */
    private Answer watched(Browser browser, Answer answer) {
        if (browser.cookies().find("firebreak-" + stack.origin().getPort()).isEmpty()) {
            cleared.incrementAndGet();
        }
        return answer;
    }

    private void report() {
        String group = "First firebreak: auth-db and auth-server " + fault.word() + " for two minutes";
        Figures.record(
                group, "compression", STEPS + " jumps of " + JUMP.toSeconds() + " s, 1 s of real time after each");
        for (String lane : List.of("read", "write", "session", "bearer", "health")) {
            Figures.record(
                    group, lane + ", before", traffic.tally(lane, "before").summary());
            Figures.record(group, lane + ", during", traffic.tally(lane, OUTAGE).summary());
        }
        Figures.record(group, "until every session is renewed after the end", recovered);
    }
}
