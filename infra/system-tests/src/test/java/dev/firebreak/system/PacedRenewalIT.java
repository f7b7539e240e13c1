package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SecondGateway;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Together;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/**
 * After an emergency rotation more sessions come at once than a gateway renews in a second. They are told
 * {@code session.renewing}, come back when they were told to, and nobody is signed out. At production's pace of 200 a second
 * that would take thousands of sessions; this gateway renews five.
 */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PacedRenewalIT {
    private static final String GROUP = "Paced renewals";
    private static final int PER_SECOND = 5;
    private static final int SESSIONS = 60;

    /** Each signs in through the form; their other sessions follow by the SSO cookie. */
    private static final int PEOPLE = 6;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final SystemStack stack;
    private SecondGateway gateway;

    PacedRenewalIT(SystemStack stack) {
        this.stack = stack;
    }

    /**
     * How a session got its new token.
     *
     * @param told how often it was told to come back
     * @param last the answer that said something else
     */
    private record Way(int told, Duration after, Answer last) {}

    @BeforeAll
    void start() {
        gateway = new SecondGateway(stack, Map.of("gateway.renewal.per-second", Integer.toString(PER_SECOND)));
    }

    @AfterAll
    void stop() {
        if (gateway != null) {
            gateway.close();
        }
    }

    @Test
    @Timeout(300)
    void manySessionsOfARevokedKeyAreRenewedInTurnAndNobodyIsSignedOut() {
        // Sessions of other tests have no living token then, so that the curve is about these alone.
        stack.clock().advance(Duration.ofMinutes(20));
        stack.awaitFresh();
        List<Browser> browsers = signIn();
        browsers.forEach(browser -> list(browser).expect(200));

        rotateInEmergency();
        long start = System.nanoTime();
        List<Way> ways = Together.run(SESSIONS, i -> renew(browsers.get(i), start));
        JsonNode renewal = renewal();

        long told = ways.stream().filter(way -> way.told() > 0).count();
        int answers = ways.stream().mapToInt(way -> way.told() + 1).sum();
        Duration slowest =
                ways.stream().map(Way::after).max(Duration::compareTo).orElseThrow();
        Figures.record(GROUP, "sessions of the revoked key, all at once", Integer.toString(SESSIONS));
        Figures.record(GROUP, "renewals a second that the gateway starts", Integer.toString(PER_SECOND));
        Figures.record(GROUP, "sessions told session.renewing", told + " (" + percent(told, SESSIONS) + ")");
        Figures.record(
                GROUP,
                "answers that were session.renewing",
                percent(answers - (long) SESSIONS, answers) + " of " + answers);
        Figures.record(GROUP, "last session renewed after", slowest);
        Figures.record(GROUP, "renewal curve", curve(renewal));
        assertThat(ways).allSatisfy(way -> way.last().expect(200));
        assertThat(browsers).allSatisfy(this::isSignedIn);
        assertThat(told).as("the pace was felt").isGreaterThanOrEqualTo(SESSIONS / 2);
        // A burst of a second's worth, and then five a second.
        assertThat(slowest).isGreaterThan(Duration.ofSeconds((SESSIONS - 2 * PER_SECOND) / PER_SECOND));
        assertThat(renewal.path("sessions").path("to_renew").asInt()).isEqualTo(SESSIONS);
        assertThat(renewal.path("sessions").path("renewed").asInt()).isEqualTo(SESSIONS);
        List<Double> shares = shares(renewal);
        assertThat(shares).isSorted().hasSizeGreaterThan(5);
        assertThat(shares.getFirst()).isLessThan(0.5);
        assertThat(shares.getLast()).isEqualTo(1.0);
    }

    @Test
    @Timeout(180)
    void aSessionThatIsActiveAloneIsNeverToldToWait() {
        stack.clock().advance(Duration.ofMinutes(20));
        stack.awaitFresh();
        Browser alone = at(stack.users().signedIn(Person.ALICE));
        list(alone).expect(200);

        List<Integer> told = new ArrayList<>();
        for (int emergency = 0; emergency < 3; emergency++) {
            rotateInEmergency();
            Way way = renew(alone, System.nanoTime());
            way.last().expect(200);
            told.add(way.told());
        }

        Figures.record(GROUP, "a single active session, told to wait in each of three emergencies", told.toString());
        assertThat(told).containsOnly(0);
        isSignedIn(alone);
    }

    private void rotateInEmergency() {
        JsonNode answer = stack.users()
                .ops("POST", "/ops/keys/rotate", "{\"emergency\":true,\"reason\":\"a test of the pace\"}")
                .expect(200)
                .json();
        assertThat(answer.path("effective").toString()).contains("gateway-2");
        assertThat(answer.path("missing").size()).as(answer.toString()).isZero();
    }

    private JsonNode renewal() {
        return stack.users().ops("GET", "/ops/keys/renewal", "").expect(200).json();
    }

    /** Obeys {@code Retry-After} to the second, as the page does. */
    private Way renew(Browser browser, long start) {
        for (int told = 0; ; told++) {
            Answer answer = list(browser);
            Duration after = Duration.ofNanos(System.nanoTime() - start);
            if (answer.status() != 503 || after.compareTo(PATIENCE) > 0) {
                return new Way(told, after, answer);
            }
            answer.expectProblem(503, "session.renewing");
            int seconds = Integer.parseInt(answer.header("retry-after"));
            assertThat(seconds).isBetween(1, 10);
            LockSupport.parkNanos(Duration.ofSeconds(seconds).toNanos());
        }
    }

    private List<Browser> signIn() {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            people.add(stack.users().create());
        }
        Semaphore crowd = new Semaphore(2);
        List<Browser> first = Together.run(PEOPLE, i -> {
            crowd.acquireUninterruptibly();
            try {
                return stack.users().signedIn(people.get(i));
            } finally {
                crowd.release();
            }
        });
        List<Browser> all = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            Browser browser = first.get(i % PEOPLE);
            if (i >= PEOPLE) {
                browser = browser.copy();
                browser.cookies().remove(sessionCookie());
                assertThat(browser.navigate("/login?return_to=/").uri().getPath())
                        .isEqualTo("/");
            }
            all.add(browser);
        }
        return all.stream().map(this::at).toList();
    }

    /** The same browser at the gateway that renews slowly. */
    private Browser at(Browser browser) {
        return new Browser(gateway.uri(), browser.cookies());
    }

    private static Answer list(Browser browser) {
        return Tasks.of(browser).list("limit=1");
    }

    private void isSignedIn(Browser browser) {
        assertThat(browser.cookies().find(sessionCookie())).isPresent();
        list(browser).expect(200);
    }

    private String sessionCookie() {
        return "firebreak-" + stack.origin().getPort();
    }

    private static List<Double> shares(JsonNode renewal) {
        List<Double> shares = new ArrayList<>();
        renewal.path("points").forEach(point -> shares.add(point.path("share").asDouble()));
        return shares;
    }

    private static String curve(JsonNode renewal) {
        List<String> points = new ArrayList<>();
        renewal.path("points")
                .forEach(point -> points.add(String.format(
                        Locale.ROOT,
                        "%d s %.0f %%",
                        point.path("at_ms").asLong() / 1000,
                        100 * point.path("share").asDouble())));
        return String.join(", ", points);
    }

    private static String percent(long part, int whole) {
        return String.format(Locale.ROOT, "%.0f %%", 100.0 * part / whole);
    }
}
