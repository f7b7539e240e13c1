package dev.firebreak.trust;

import static dev.firebreak.trust.TrustAnswers.full;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that name keys which nobody has, from several threads as fast as they can, while others have valid ones. */
class UnknownKeyStormTest {
    private static final int INTERVALS = 5;
    private static final int STORMERS = 4;
    private static final int TOKENS_AN_INTERVAL = 10_000;

    /** Early questions are at least so far apart. */
    private static final Duration INTERVAL = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", clock);
    private final AtomicInteger serial = new AtomicInteger();
    private FakeTrustServer server;
    private TrustFeed feed;
    private TokenVerifier verifier;

    @BeforeEach
    void start() throws IOException {
        server = new FakeTrustServer();
        PublishedKey key =
                TrustAnswers.published("test-1", issuer.snapshot().keys().get("test-1"));
        // Always of the same moment, as by a server that cannot read its database: never fresh again.
        server.answer(full(TestClock.START, 3, List.of(key), 7));
        feed = new TrustFeed(
                new TrustFeedSettings(
                        server.url(),
                        folder.resolve("state"),
                        // So long that no ordinary question falls into the test.
                        Duration.ofHours(1),
                        Duration.ofSeconds(4),
                        Lifetimes.TRUST_HARD_CAP),
                new ClientAssertions(
                        "task-service",
                        ClientKey.generate("k1"),
                        "http://localhost:8080/auth",
                        "task-service-1",
                        clock),
                clock);
        verifier = new TokenVerifier(
                new VerifierPolicy(issuer.issuer(), issuer.audience(), Lifetimes.CLOCK_SKEW, 10_000), feed, clock);
        feed.start();
        // The second question acknowledges the keys that the first one brought.
        await(() -> server.questions().size() == 2 && feed.stats().answers() == 2);
    }

    @AfterEach
    void stop() {
        feed.close();
        server.close();
    }

    @Test
    @Timeout(120)
    void asksOnceAnIntervalAndJudgesValidTokensThroughout() throws InterruptedException {
        int before = server.questions().size();

        try (Valid valid = new Valid()) {
            long start = System.nanoTime();
            storm(new Verdict.Refused(AuthError.KEY_UNKNOWN, null));
            assertThat(feed.stats().earlyRefreshes())
                    .as("fresh trust data proves that there is no such key")
                    .isZero();

            clock.advance(Duration.ofMinutes(1));
            for (int interval = 1; interval <= INTERVALS; interval++) {
                int asked = before + interval;
                storm(new Verdict.Unknown(AuthError.TRUST_UNAVAILABLE, Duration.ofSeconds(2)));
                assertThat(feed.stats().earlyRefreshes()).isEqualTo(interval);
                await(() -> server.questions().size() == asked);
                clock.advance(INTERVAL);
            }
            valid.report((INTERVALS + 1) * TOKENS_AN_INTERVAL, System.nanoTime() - start);
            assertThat(valid.judged.get()).as("valid tokens judged meanwhile").isGreaterThan(100);
            assertThat(valid.wrong).as("valid tokens that were not accepted").isEmpty();
        }
        assertThat(server.questions()).hasSize(before + INTERVALS);
    }

    /** Ten thousand tokens with a kid of its own each; all of them get this verdict. */
    private void storm(Verdict expected) throws InterruptedException {
        Queue<Verdict> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        String template = issuer.accessToken();
        for (int i = 0; i < STORMERS; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < TOKENS_AN_INTERVAL / STORMERS; n++) {
                    Verdict verdict = verifier.verify(withKid("bogus-" + serial.incrementAndGet(), template));
                    if (!verdict.equals(expected)) {
                        wrong.add(verdict);
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(wrong).isEmpty();
    }

    private static String withKid(String kid, String token) {
        String header = "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"" + kid + "\"}";
        return Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.US_ASCII))
                + token.substring(token.indexOf('.'));
    }

    /** Somebody whose tokens are good, old ones and new ones in turn. */
    private final class Valid implements AutoCloseable {
        private static final int NEW_TOKENS = 1_000;
        private static final int MOST_TIMES = 1_000_000;

        private final AtomicInteger judged = new AtomicInteger();
        private final Queue<Verdict> wrong = new ConcurrentLinkedQueue<>();
        private final AtomicBoolean over = new AtomicBoolean();
        private final String warm = issuer.accessToken();
        private final List<String> fresh = new ArrayList<>();
        private final long[] nanos = new long[MOST_TIMES];
        private final Thread thread;

        Valid() {
            for (int i = 0; i < NEW_TOKENS; i++) {
                fresh.add(issuer.accessToken());
            }
            thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            for (int i = 0; !over.get() && i < MOST_TIMES; i++) {
                long start = System.nanoTime();
                Verdict verdict = verifier.verify(i % 10 == 0 ? fresh.get(i / 10 % NEW_TOKENS) : warm);
                nanos[i] = System.nanoTime() - start;
                judged.incrementAndGet();
                if (!(verdict instanceof Verdict.Accepted)) {
                    wrong.add(verdict);
                }
                LockSupport.parkNanos(20_000);
            }
        }

        /** Figures to be read, not judged: the machine is anybody's. */
        void report(int bogus, long tookNanos) {
            int count = judged.get();
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            System.out.printf(
                    "[figure] unknown keys: %d tokens, %.0f a second; %d valid ones beside them, p50 %.1f us, p99 %.1f us%n",
                    bogus, bogus * 1e9 / tookNanos, count, sorted[count / 2] / 1e3, sorted[(int) (count * 0.99)] / 1e3);
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 20 s in vain").isLessThan(deadline);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
