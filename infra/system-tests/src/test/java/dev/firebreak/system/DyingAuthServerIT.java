package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.HtmlForm;
import dev.firebreak.system.harness.KeyTable;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SecondAuthServer;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Takeover;
import dev.firebreak.system.harness.Tally;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Traffic;
import dev.firebreak.system.harness.Wire;
import dev.firebreak.system.harness.WithStack;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two authorization servers rotate the signing key while one of them dies: six times, with {@code -Dlong} a hundred. The
 * other one finishes, and nobody who calls notices.
 */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DyingAuthServerIT {
    private static final int ROUNDS = System.getProperty("long") == null ? 6 : 100;
    private static final String GROUP = "Rotation of the signing key";
    private static final String ROTATIONS = "rotations";
    private static final String READS = "browser reads";
    private static final String WRITES = "browser writes";
    private static final String SESSIONS = "browser sessions";
    private static final String BEARERS = "bearer reads";
    private static final String SERVICES = "services with a new token each";
    private static final List<String> LANES = List.of(READS, WRITES, SESSIONS, BEARERS, SERVICES);

    /** From before the order is stored until after the new key signs, on a quiet machine as on a busy one. */
    private static final Duration LATEST_KILL = Duration.ofMillis(1500);

    /** A node's lease on the schedule is 15 s of the stack's clock. */
    private static final Duration LEASE_OVER = Duration.ofSeconds(16);

    /** A bearer's token lives for 15 min of the stack's clock, of which a round takes less than one. */
    private static final int ROUNDS_A_TOKEN = 10;

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final String KEYS = "/auth/internal/v1/ops/keys";

    /** One authorization server. */
    private record Node(String name, URI direct, int internalPort, Runnable kill, Runnable startAndAwait) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final SystemStack stack;
    private final RandomGenerator dice = Figures.random("DyingAuthServerIT");
    private final KeyTable keys;
    private final Map<String, Integer> killedWhen = new TreeMap<>();
    private final Map<String, Integer> killedWho = new TreeMap<>();
    private final Map<String, Integer> unavailable = new ConcurrentHashMap<>();
    private final List<Duration> finished = new ArrayList<>();
    private final AtomicInteger turns = new AtomicInteger();
    private int ordersLost;
    private SecondAuthServer second;
    private Node first;
    private Node other;

    DyingAuthServerIT(SystemStack stack) {
        this.stack = stack;
        this.keys = new KeyTable(() -> stack.superuser(Part.AUTH_DB));
    }

    @BeforeAll
    void startTheSecond() {
        second = new SecondAuthServer(stack);
        second.startAndAwait();
        first = new Node(
                Part.AUTH_SERVER.id(),
                stack.direct(Part.AUTH_SERVER),
                stack.ports().authInternal(),
                () -> stack.kill(Part.AUTH_SERVER),
                () -> stack.startAndAwait(Part.AUTH_SERVER));
        other = new Node(
                SecondAuthServer.NAME, second.direct(), second.internalPort(), second::kill, second::startAndAwait);
    }

    @AfterAll
    void stopTheSecond() {
        if (second != null) {
            second.close();
        }
    }

    @Test
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void aNodeThatDiesInARotationIsNoticedByNobody() {
        Person person = stack.users().create();
        AtomicReference<String> bearer = new AtomicReference<>("");
        List<Browser> browsers =
                List.of(stack.users().signedIn(person), stack.users().signedIn(Person.BOB));

        Traffic traffic = new Traffic(ROTATIONS);
        KeyTable.Watch watch = keys.watch();

        try (traffic;
                watch) {
            for (int round = 0; round < ROUNDS; round++) {
                if (round % ROUNDS_A_TOKEN == 0) {
                    bearer.set(stack.users().bearer(person));
                }
                if (round == 0) {
                    start(traffic, browsers, bearer);
                }
                rotateWithADeath(traffic, round);
            }
        }

        report(traffic, watch);
        assertThat(watch.wrong()).as("moments without exactly one active key").isEmpty();
        assertThat(watch.looks()).isGreaterThan(1000);
        assertThat(traffic.all())
                .allSatisfy(tally ->
                        assertThat(tally.count("401")).as(tally.toString()).isZero());
        for (String lane : LANES) {
            Tally tally = traffic.tally(lane, ROTATIONS);
            // A service has no tasks of its own: being told so means that its token was accepted.
            String good = lane.equals(WRITES) ? "201" : lane.equals(SERVICES) ? "403 auth.user_required" : "200";
            assertThat(tally.outcomes()).as(lane + " " + tally).containsOnlyKeys(good);
        }
    }

    @Test
    @Timeout(180)
    void aVerifierThatIsCutOffIsWaitedForByName() {
        String cutOff = "task-service/" + Part.TASK_SERVICE.id();
        String before = keys.active();

        stack.hang(Part.TASK_SERVICE);
        Answer ordered = order(first, "rotate").expect(200);
        Answer refused = order(other, "activate");
        String during = keys.active();
        Answer plan = ops(first, "GET", "/plan", null).expect(200);
        long awake = System.nanoTime();
        stack.wake(Part.TASK_SERVICE);

        String next = ordered.json().path("changes").get(0).path("kid").asString();
        assertThat(ordered.json().path("missing").valueStream().map(it -> it.asString()))
                .as(ordered::toString)
                .containsExactly(cutOff);
        refused.expectProblem(409, "keys.unconfirmed");
        assertThat(refused.json().path("detail").asString()).contains(cutOff);
        assertThat(during).isEqualTo(before);
        assertThat(plan.json()
                        .path("steps")
                        .valueStream()
                        .filter(step -> step.path("step").asString().equals("activate"))
                        .flatMap(step -> step.path("waits_for").valueStream())
                        .map(it -> it.asString()))
                .as(plan::toString)
                .containsExactly(cutOff);
        Await.until("the key that was waited with takes over", DEADLINE, keys::active, next::equals);
        Figures.record(
                GROUP,
                "a verifier that hung is back, until the key that waited for it is active",
                Duration.ofNanos(System.nanoTime() - awake));
        Await.until("it signs", DEADLINE, () -> signsWith(first), next::equals);
        assertThat(withNewToken().outcome()).isEqualTo("403 auth.user_required");
    }

    /** Between the two halves of an emergency: the new key is published, and the leaked one is still active. */
    @Test
    @Timeout(180)
    void anEmergencyWhoseNodeDiesIsFinishedByTheOther() {
        Set<String> known = keys.all();
        String leaked = keys.active();
        String next;
        KeyTable.Watch watch = keys.watch();

        // The emergency waits three seconds for it: time enough to die in.
        stack.hang(Part.TASK_SERVICE);
        try (watch) {
            CompletableFuture<Answer> _ = later(() -> emergency(other));
            Await.until(
                    "the new key is published",
                    DEADLINE,
                    () -> keys.stage(known, leaked),
                    stage -> stage.equals("2 after it was published"));
            other.kill().run();
            long killed = System.nanoTime();
            assertThat(keys.active()).as("it died in time").isEqualTo(leaked);
            stack.clock().advance(LEASE_OVER);
            next = Await.until(
                    first + " finishes what was begun", DEADLINE, keys::active, active -> !active.equals(leaked));
            Await.until(first + " signs with it", DEADLINE, () -> signsWith(first), next::equals);
            Figures.record(
                    GROUP,
                    "an emergency whose node was killed, until the other signs with the new key (on a moved clock)",
                    Duration.ofNanos(System.nanoTime() - killed));
        } finally {
            stack.wake(Part.TASK_SERVICE);
            other.startAndAwait().run();
        }

        assertThat(watch.wrong()).as("moments without exactly one active key").isEmpty();
        assertThat(watch.looks()).isGreaterThan(100);
        assertThat(known).as("the new one").doesNotContain(next);
        // Confirmed or not: the verifier that was held may have acknowledged the new key in between.
        assertThat(keys.stage(known, leaked)).startsWith("former key revoked");
        assertThat(ops(first, "GET", "/history/verify", null)
                        .expect(200)
                        .json()
                        .path("ok")
                        .asBoolean())
                .as("journal")
                .isTrue();
        Await.until(other + " is back and signs with it", DEADLINE, () -> signsWith(other), next::equals);
        assertThat(withNewToken().outcome()).isEqualTo("403 auth.user_required");
    }

    private void start(Traffic traffic, List<Browser> browsers, AtomicReference<String> bearer) {
        for (Browser browser : browsers) {
            traffic.lane(READS, 1, PAUSE, () -> obeying(() -> Tasks.of(browser).list()));
            traffic.lane(WRITES, 1, PAUSE, () -> obeying(() -> Tasks.of(browser).add("x")));
            traffic.lane(SESSIONS, 1, PAUSE, () -> obeying(() -> browser.fetch("GET", "/session", null)));
        }
        traffic.lane(
                BEARERS, 2, PAUSE, () -> obeying(() -> stack.api(bearer.get()).get(Tasks.PATH)));
        traffic.lane(SERVICES, 2, PAUSE, this::withNewToken);
    }

    /** One rotation in which a node dies: the one that was given the order, or the one that acts on the schedule. */
    private void rotateWithADeath(Traffic traffic, int round) {
        Set<String> known = keys.all();
        String before = keys.active();
        Node ordered = dice.nextBoolean() ? first : other;
        Node victim = round % 2 == 0 ? ordered : other.name().equals(keys.leaseHolder()) ? other : first;
        Node survivor = victim == first ? other : first;

        CompletableFuture<Answer> answer = later(() -> order(ordered, "rotate"));
        LockSupport.parkNanos(dice.nextLong(LATEST_KILL.toNanos()));
        victim.kill().run();
        long killed = System.nanoTime();
        killedWhen.merge(keys.stage(known, before), 1, Integer::sum);
        killedWho.merge(victim == ordered ? "who was ordered" : "the other one", 1, Integer::sum);

        String next;
        // Verifiers know the first one's port only; they serve from memory until somebody answers there again.
        try (Takeover _ = victim == first ? new Takeover(first.internalPort(), other.internalPort()) : null) {
            // Who lost the answer looks before giving the order again.
            Await.until(
                    "the order is carried out or lost",
                    DEADLINE,
                    () -> !keys.stage(known, before).equals(KeyTable.NOTHING) || answer.isDone());
            if (keys.stage(known, before).equals(KeyTable.NOTHING)) {
                ordersLost++;
                assertThat(ordered).as("lost its order").isSameAs(victim);
                order(survivor, "rotate").expect(200);
            }
            if (keys.active().equals(before) && !survivor.name().equals(keys.leaseHolder())) {
                traffic.betweenCalls(() -> stack.clock().advance(LEASE_OVER));
            }
            next = Await.until(
                    survivor + " finishes what was begun when " + victim + " died",
                    DEADLINE,
                    keys::active,
                    active -> !active.equals(before));
            Await.until(survivor + " signs with it", DEADLINE, () -> signsWith(survivor), next::equals);
            finished.add(Duration.ofNanos(System.nanoTime() - killed));
            if (ordered == survivor) {
                Await.until("the order is answered", DEADLINE, answer::isDone);
                assertThat(answer.isCompletedExceptionally()).isFalse();
                answer.join().expect(200);
            }
            assertThat(known).as("the new one").doesNotContain(next);
            assertThat(keys.stage(known, before))
                    .as("nothing is left half done")
                    .isEqualTo(KeyTable.DONE);
            assertThat(ops(survivor, "GET", "/history/verify", null)
                            .expect(200)
                            .json()
                            .path("ok")
                            .asBoolean())
                    .as("journal")
                    .isTrue();
        }
        victim.startAndAwait().run();
        Await.until(victim + " is back and signs with it", DEADLINE, () -> signsWith(victim), next::equals);
        assertThat(keys.active()).isEqualTo(next);
    }

    private static CompletableFuture<Answer> later(Supplier<Answer> order) {
        return CompletableFuture.supplyAsync(
                order, task -> Thread.ofVirtual().name("order").start(task));
    }

    private Answer emergency(Node node) {
        return ops(
                node,
                "POST",
                "/rotate",
                JsonMapper.shared().writeValueAsString(Map.of("reason", "system test", "emergency", true)));
    }

    /** An order that skips the waits for third parties, and no others. */
    private Answer order(Node node, String order) {
        return ops(
                node,
                "POST",
                "/" + order,
                JsonMapper.shared().writeValueAsString(Map.of("reason", "system test", "force", true)));
    }

    private Answer ops(Node node, String method, String path, @Nullable String json) {
        URI internal = URI.create("http://127.0.0.1:" + node.internalPort());
        String assertion = stack.users().assertion("operator-cli");
        return new ApiClient(internal, assertion).send(method, KEYS + path, json, Map.of());
    }

    /** Id of the key with which a node signed a token just now. */
    private String signsWith(Node node) {
        String token = grant(node).expect(200).json().path("access_token").asString();
        byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return JsonMapper.shared()
                .readTree(new String(header, StandardCharsets.UTF_8))
                .path("kid")
                .asString();
    }

    private Answer grant(Node node) {
        return Wire.send(
                "POST",
                node.direct().resolve("/auth/oauth2/token"),
                Map.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"),
                HtmlForm.encode(stack.users().clientCredentialsForm("demo-service", "tasks:read")));
    }

    /** Whoever signs, with whichever key: what it signs is known everywhere. A service asks one node after the other. */
    private Answer withNewToken() {
        boolean begin = turns.incrementAndGet() % 2 == 0;
        Answer grant;
        try {
            grant = grant(begin ? first : other);
            if (grant.status() != 200) {
                grant = grant(begin ? other : first);
            }
        } catch (UncheckedIOException dead) {
            grant = grant(begin ? other : first);
        }
        if (grant.status() != 200) {
            return grant;
        }
        String token = grant.json().path("access_token").asString();
        return obeying(() -> stack.api(token).get(Tasks.PATH));
    }

    /** A client that comes back when it was told to, once. */
    private Answer obeying(Supplier<Answer> call) {
        Answer answer = call.get();
        if (answer.status() != 503) {
            return answer;
        }
        unavailable.merge(answer.outcome(), 1, Integer::sum);
        LockSupport.parkNanos(
                Duration.ofSeconds(Long.parseLong(answer.header("retry-after"))).toNanos());
        return call.get();
    }

    private void report(Traffic traffic, KeyTable.Watch watch) {
        Figures.record(GROUP, "rotations in which an authorization server was killed", Integer.toString(ROUNDS));
        Figures.record(GROUP, "killed was", killedWho.toString());
        Figures.record(GROUP, "killed when", killedWhen.toString());
        Figures.record(GROUP, "orders that died with their node and were given again", Integer.toString(ordersLost));
        Figures.record(
                GROUP,
                "from SIGKILL until the other signs with the new key (the dead node's lease of 15 s on a moved clock)",
                finished.stream().map(Figures::text).toList().toString());
        Figures.record(
                GROUP,
                "looks at the key table / without exactly one active key",
                watch.looks() + " / " + watch.wrong().size());
        for (String lane : LANES) {
            Figures.record(GROUP, lane, traffic.tally(lane, ROTATIONS).summary());
        }
        Figures.record(GROUP, "answers 503 that were obeyed, and the call then succeeded", unavailable.toString());
    }
}
