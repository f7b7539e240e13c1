package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Many verify while the trust data changes under them: each verdict belongs to one snapshot, and to the newest. */
class SnapshotSwapTest {
    private static final int SWAPS = 500;
    private static final int READERS = 4;

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", clock);

    @Test
    void noVerdictOutlivesItsSnapshotOrMixesTwo() throws Exception {
        String token = issuer.accessToken(claims -> claims.claim(Claims.SID, "the-session"));
        TrustSnapshot open = issuer.snapshot();
        issuer.revoke(Revocation.Kind.SID, "the-session");
        TrustSnapshot revoked = issuer.snapshot();
        issuer.removeKey("test-1");
        TrustSnapshot both = issuer.snapshot();
        // In `both` the key is gone as well: revoked comes first, so that KEY_UNKNOWN would be a mixture.
        List<TrustSnapshot> turns = List.of(open, revoked, open, both);
        FakeTrust trust = new FakeTrust(open);
        TokenVerifier verifier = new TokenVerifier(
                new VerifierPolicy(issuer.issuer(), issuer.audience(), Lifetimes.CLOCK_SKEW, 100), trust, clock);
        // Odd while a swap is under way; two equal even readings around a verdict say which snapshot it belongs to.
        AtomicInteger phase = new AtomicInteger();
        LongAdder judged = new LongAdder();

        try (ExecutorService readers = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                results.add(readers.submit(() -> {
                    int before;
                    do {
                        before = phase.get();
                        Verdict verdict = verifier.verify(token);
                        if (before % 2 == 0 && before == phase.get()) {
                            assertThat(belongs(verdict, before / 2))
                                    .as("phase %d: %s", before, verdict)
                                    .isTrue();
                            judged.increment();
                        } else {
                            assertThat(verdict).isNotInstanceOf(Verdict.Unknown.class);
                        }
                    } while (before < 2 * SWAPS);
                }));
            }
            for (int swap = 1; swap <= SWAPS; swap++) {
                phase.incrementAndGet();
                trust.swap(turns.get(swap % turns.size()));
                phase.incrementAndGet();
                // Until somebody has judged under this snapshot; a reader that failed shows below.
                long seen = judged.sum();
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
                while (judged.sum() == seen && System.nanoTime() < deadline) {
                    Thread.yield();
                }
            }
            for (Future<?> result : results) {
                result.get(1, TimeUnit.MINUTES);
            }
        }

        assertThat(judged.sum()).as("verdicts that could be told").isGreaterThanOrEqualTo(SWAPS);
    }

    private static boolean belongs(Verdict verdict, int turn) {
        return turn % 2 == 0
                ? verdict instanceof Verdict.Accepted
                : verdict.equals(new Verdict.Refused(AuthError.TOKEN_REVOKED, Revocation.Kind.SID));
    }
}
