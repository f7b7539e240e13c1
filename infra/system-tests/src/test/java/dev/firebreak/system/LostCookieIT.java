package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Together;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Refresh tokens that rotate inside a cookie, on a network that loses answers, over four weeks of the stack's clock: real
 * processes, real database, real cookies. A session is lost when any answer says 401 or takes its cookie away.
 */
@WithStack
class LostCookieIT {
    private static final int SESSIONS = 200;

    /** Each signs in through the form; their other sessions follow by the SSO cookie, as other tabs of them would. */
    private static final int PEOPLE = 40;

    private static final double LOSS = 0.05;

    /** Absolute life of a family is 30 days. */
    private static final Duration ALL_ROUNDS = Duration.ofDays(28);

    /** Idle life is 14 days; who has been away for longer than this comes back in the next round. */
    private static final Duration LONGEST_AWAY = Duration.ofDays(8);

    private final SystemStack stack;

    LostCookieIT(SystemStack stack) {
        this.stack = stack;
    }

    /** One browser with its own dice. */
    private final class Client {
        private final Browser browser;
        private final RandomGenerator random;
        private Instant lastSeen = stack.clock().instant();

        Client(Browser browser, RandomGenerator random) {
            this.browser = browser;
            this.random = random;
        }

        boolean comesNow() {
            return random.nextInt(10) < 6
                    || lastSeen.plus(LONGEST_AWAY).isBefore(stack.clock().instant());
        }
    }

    @Test
    @Timeout(400)
    void twoHundredSessionsOutliveLostCookiesForFourWeeks() {
        RandomGenerator random = Figures.random("LostCookieIT");
        List<Client> clients = signIn(random);
        clients.forEach(client -> client.browser.cookies().lose(LOSS, client.random));
        Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();
        Map<String, String> lost = new ConcurrentSkipListMap<>();
        Instant begin = stack.clock().instant();
        List<Duration> pauses = pauses(random);
        int visits = 0;

        for (Duration pause : pauses) {
            sleepFor(pause);
            List<Client> here = clients.stream().filter(Client::comesNow).toList();
            visits += here.size();
            Semaphore crowd = new Semaphore(16);
            Together.run(here.size(), i -> {
                crowd.acquireUninterruptibly();
                try {
                    visit(here.get(i), outcomes, lost);
                } finally {
                    crowd.release();
                }
                return i;
            });
        }
        sleepFor(Duration.ofMinutes(20));
        clients.forEach(client -> visit(client, outcomes, lost));

        int dropped =
                clients.stream().mapToInt(c -> c.browser.cookies().dropped()).sum();
        String group = "Lost cookies";
        Figures.record(group, "sessions", Integer.toString(SESSIONS));
        Figures.record(
                group,
                "time on the stack's clock",
                Duration.between(begin, stack.clock().instant()).toDays() + " days, longest pause "
                        + pauses.stream().max(Duration::compareTo).orElseThrow().toHours() + " h");
        Figures.record(group, "visits", Integer.toString(visits + SESSIONS));
        Figures.record(group, "Set-Cookie dropped (5 %)", Integer.toString(dropped));
        Figures.record(group, "answers", outcomes.toString());
        Figures.record(group, "lost sessions", Integer.toString(lost.size()));
        assertThat(lost).as("lost sessions").isEmpty();
        assertThat(dropped).as("the network lost something").isGreaterThan(50);
        assertThat(outcomes.keySet())
                .allMatch(outcome -> outcome.equals("200") || outcome.equals("503 session.renewing"));
    }

    @Test
    @Timeout(240)
    void aThiefWhoReplaysLateInEveryGenerationIsCutOffAtTheFifthRenewal() {
        Browser victim = stack.users().signedIn(stack.users().create());
        Browser thief = victim.copy();
        List<Integer> thiefsAnswers = new ArrayList<>();

        for (int renewal = 1; renewal <= 5; renewal++) {
            // Past the end of both access tokens: each of them must renew.
            sleepFor(Duration.ofMinutes(16));
            patiently(victim).expect(200);
            sleepFor(Duration.ofSeconds(35));
            thiefsAnswers.add(patiently(thief).status());
        }

        Figures.record("Lost cookies", "a thief 35 s behind, answers to its renewals", thiefsAnswers.toString());
        assertThat(thiefsAnswers).containsExactly(200, 200, 200, 200, 401);
        sleepFor(Duration.ofMinutes(16));
        patiently(victim).expectProblem(401, "session.ended");
        patiently(thief).expect(401);
    }

    @Test
    @Timeout(120)
    void aCookieOlderThanTheGrandparentEndsItsSession() {
        Browser victim = stack.users().signedIn(stack.users().create());
        Browser thief = victim.copy();
        for (int renewal = 0; renewal < 3; renewal++) {
            sleepFor(Duration.ofMinutes(16));
            patiently(victim).expect(200);
        }

        assertThat(patiently(thief).status()).isEqualTo(401);

        sleepFor(Duration.ofMinutes(16));
        assertThat(patiently(victim).status()).as("both are cut off").isEqualTo(401);
    }

    private List<Client> signIn(RandomGenerator random) {
        List<Person> people = new ArrayList<>();
        for (int i = 0; i < PEOPLE; i++) {
            people.add(stack.users().create());
        }
        Semaphore crowd = new Semaphore(4);
        List<Browser> first = Together.run(PEOPLE, i -> {
            crowd.acquireUninterruptibly();
            try {
                return stack.users().signedIn(people.get(i));
            } finally {
                crowd.release();
            }
        });
        List<Client> clients = new ArrayList<>();
        String session = "firebreak-" + stack.origin().getPort();
        for (int i = 0; i < SESSIONS; i++) {
            Browser browser = first.get(i % PEOPLE);
            if (i >= PEOPLE) {
                browser = browser.copy();
                browser.cookies().remove(session);
                assertThat(browser.navigate("/login?return_to=/").uri().getPath())
                        .isEqualTo("/");
            }
            clients.add(new Client(browser, new SplittableRandom(random.nextLong())));
        }
        return clients;
    }

    /** Minutes, hours and days, in any order, four weeks in all. */
    private static List<Duration> pauses(RandomGenerator random) {
        List<Duration> pauses = new ArrayList<>();
        Duration left = ALL_ROUNDS;
        while (left.isPositive()) {
            Duration pause = switch (random.nextInt(4)) {
                case 0 -> Duration.ofMinutes(random.nextInt(6, 16));
                case 1 -> Duration.ofMinutes(random.nextInt(16, 600));
                case 2 -> Duration.ofHours(random.nextInt(10, 48));
                default -> Duration.ofHours(random.nextInt(48, 96));
            };
            pause = pause.compareTo(left) > 0 ? left : pause;
            left = left.minus(pause);
            pauses.add(pause);
        }
        return pauses;
    }

    /** One to three requests, sometimes two tabs at the same moment. */
    private void visit(Client client, Map<String, Integer> outcomes, Map<String, String> lost) {
        int requests = client.random.nextInt(1, 4);
        boolean tabs = client.random.nextInt(3) == 0;
        client.lastSeen = stack.clock().instant();
        for (int i = 0; i < requests; i++) {
            List<Answer> answers = tabs
                    ? Together.run(2, tab -> request(client, tab, outcomes))
                    : List.of(request(client, client.random.nextInt(2), outcomes));
            for (Answer answer : answers) {
                outcomes.merge(answer.outcome(), 1, Integer::sum);
                boolean cookieGone = client.browser
                        .cookies()
                        .find("firebreak-" + stack.origin().getPort())
                        .isEmpty();
                if (answer.status() == 401 || cookieGone) {
                    lost.put(Integer.toHexString(System.identityHashCode(client)), answer.toString());
                }
            }
        }
    }

    /** Comes back when it is told to come back, as the page does; each such answer counts too. */
    private Answer request(Client client, int kind, Map<String, Integer> outcomes) {
        return Await.until(
                "an answer other than 'come back'",
                Duration.ofSeconds(60),
                () -> kind == 0
                        ? client.browser.fetch("GET", "/session", null)
                        : Tasks.of(client.browser).list("limit=1"),
                answer -> {
                    if (answer.status() == 503) {
                        outcomes.merge(answer.outcome(), 1, Integer::sum);
                    }
                    return answer.status() != 503;
                });
    }

    private static Answer patiently(Browser browser) {
        return Await.until(
                "an answer other than 'come back'",
                Duration.ofSeconds(30),
                () -> Tasks.of(browser).list("limit=1"),
                answer -> answer.status() != 503);
    }

    /** Lets the stack's clock jump and waits until each verifier has heard of the new time. */
    private void sleepFor(Duration pause) {
        stack.clock().advance(pause);
        stack.awaitFresh();
    }
}
