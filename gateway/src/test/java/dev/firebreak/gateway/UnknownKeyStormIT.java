package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.http.Paths;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.TrustAnswer;
import dev.firebreak.gateway.Client.Answer;
import dev.firebreak.gateway.FakeService.Reply;
import dev.firebreak.trust.TrustFeed;
import dev.firebreak.trust.TrustSeed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Tokens of unknown keys over HTTP, as fast as this machine sends them, at a gateway that follows a trust feed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnknownKeyStormIT {
    private static final String TASKS = "/api/v1/tasks";
    private static final int STORMERS = 8;
    private static final int STORM = 4_000;

    /** What one network may fail at once: two a second, for ten seconds. */
    private static final int BUDGET = 20;

    private static final UUID EPOCH = UUID.randomUUID();

    private final AtomicInteger serial = new AtomicInteger();
    private TestGateway gateway;
    private TrustFeed feed;
    private volatile Instant frozenAt;

    @BeforeAll
    void start() {
        // The clock stands, so what limits addresses and callers for other reasons would never let anybody in again.
        gateway = TestGateway.startWithFeed(Map.of(
                "firebreak.trust.poll-every",
                "5s",
                "gateway.rate-limit.per-address",
                "1000000",
                "gateway.rate-limit.per-subject",
                "1000000"));
        gateway.auth()
                .internal()
                .behave(call -> call.path().startsWith(Paths.TRUST) ? Reply.json(200, trust()) : Reply.json(404, "{}"));
        feed = gateway.bean(TrustFeed.class);
        Eventually.holds("the gateway has trust data", () -> feed.current().isPresent());
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String trust() {
        List<PublishedKey> keys = new ArrayList<>();
        gateway.issuer().snapshot().keys().forEach((kid, jwk) -> {
            Map<String, String> members = new LinkedHashMap<>();
            jwk.toJSONObject().forEach((name, value) -> members.put(name, String.valueOf(value)));
            keys.add(new PublishedKey(kid, "active", members));
        });
        Instant asOf = frozenAt == null ? gateway.clock().instant() : frozenAt;
        String seed = TrustSeed.write(new TrustAnswer(EPOCH, asOf, 1, keys, 0, true, List.of()), asOf);
        return seed.substring(seed.indexOf('\n') + 1);
    }

    @Test
    @Timeout(120)
    void costsTheStormersTheirBudgetAndNobodyElseAnything() throws InterruptedException {
        try (Valid valid = new Valid()) {
            long early = feed.stats().earlyRefreshes();

            Map<String, Integer> fresh = storm();

            assertThat(fresh.keySet())
                    .as("while the trust data proves that there are no such keys")
                    .isEqualTo(Set.of("401 auth.key_unknown", "429 rate.limited"));
            assertThat(fresh.get("401 auth.key_unknown")).isBetween(BUDGET, BUDGET + STORMERS);
            assertThat(feed.stats().earlyRefreshes()).isEqualTo(early);

            frozenAt = gateway.clock().instant();
            valid.betweenCalls(() -> gateway.clock().advance(Duration.ofMinutes(1)));
            int questions = gateway.auth().internal().calls().size();
            Map<String, Integer> old = storm();

            assertThat(old.keySet()).as("while they may only be new").isEqualTo(Set.of("503 auth.trust_unavailable"));
            assertThat(feed.stats().earlyRefreshes()).as("in one interval").isEqualTo(early + 1);
            valid.betweenCalls(() -> gateway.clock().advance(Duration.ofSeconds(5)));
            storm();
            assertThat(feed.stats().earlyRefreshes()).as("in the next one").isEqualTo(early + 2);

            System.out.printf(
                    "[figure] unknown keys at the gateway: %s, then twice %s; %d valid requests, slowest %d ms; "
                            + "%d questions to the trust feed during the last two, 2 of them early%n",
                    fresh,
                    old,
                    valid.answered.get(),
                    valid.slowestMs,
                    gateway.auth().internal().calls().size() - questions);
            assertThat(valid.answered.get()).isGreaterThan(50);
            assertThat(valid.wrong).as("of a session and of a known token").isEmpty();
        }
    }

    private Map<String, Integer> storm() throws InterruptedException {
        Map<String, Integer> outcomes = new TreeMap<>();
        Queue<String> answers = new ConcurrentLinkedQueue<>();
        String template = gateway.issuer().accessToken();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < STORMERS; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int n = 0; n < STORM / STORMERS; n++) {
                    Answer answer = gateway.client()
                            .bearer(withKid("bogus-" + serial.incrementAndGet(), template))
                            .get(TASKS);
                    answers.add(answer.status() + " " + answer.code());
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        answers.forEach(answer -> outcomes.merge(answer, 1, Integer::sum));
        assertThat(answers).hasSize(STORM);
        return outcomes;
    }

    private static String withKid(String kid, String token) {
        String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.US_ASCII))
                + token.substring(token.indexOf('.'));
    }

    /** A signed-in browser and a program with a token that was verified before, from the same network. */
    private final class Valid implements AutoCloseable {
        private final AtomicInteger answered = new AtomicInteger();
        private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
        private final List<Thread> threads;
        private volatile long slowestMs;

        Valid() {
            Client bearer = gateway.client().bearer(gateway.issuer().accessToken());
            Client browser = gateway.browser();
            assertThat(bearer.get(TASKS).status()).isEqualTo(200);
            threads = List.of(
                    Thread.ofVirtual().start(() -> run("bearer", bearer)),
                    Thread.ofVirtual().start(() -> run("browser", browser)));
        }

        private void run(String who, Client client) {
            while (!over.get()) {
                gate.readLock().lock();
                Answer answer;
                try {
                    answer = client.get(TASKS);
                } finally {
                    gate.readLock().unlock();
                }
                answered.incrementAndGet();
                slowestMs = Math.max(slowestMs, answer.took().toMillis());
                if (answer.status() != 200) {
                    wrong.add(who + " " + answer.status() + " " + answer.body());
                }
            }
        }

        /** A clock that jumps in the middle of a call would use up its deadline. */
        void betweenCalls(Runnable action) {
            gate.writeLock().lock();
            try {
                action.run();
            } finally {
                gate.writeLock().unlock();
            }
        }

        @Override
        public void close() {
            over.set(true);
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
