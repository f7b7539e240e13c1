package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On verifiers that answer as a test says; waits are real, and short. */
class EffectWatchTest {
    static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    static final Duration SHORT = Duration.ofMillis(250);
    static final long SEQ = 7;

    final Fake verifiers = new Fake();
    final EffectWatch effects = new EffectWatch(verifiers, 2, InstantSource.fixed(NOW));

    @Test
    void namesTheQuickestFirst() {
        verifiers.live = () -> List.of(verifier("a", SEQ, 300), verifier("b", SEQ + 1, 200), verifier("c", SEQ, -10));

        EffectWatch.Seen seen = watch();

        assertThat(seen.effective()).containsExactly(effective("c", 0), effective("b", 200), effective("a", 300));
        assertThat(seen.missing()).isEmpty();
    }

    @Test
    void aVerifierThatIsSetUpAnewAndForgotWhatItHadIsMissingAndNothingElse() {
        // It had it, and asks with nothing from then on; another one never has it, so that the watch goes on.
        verifiers.live = () -> List.of(
                verifier("a", verifiers.looks == 1 ? SEQ : 0, 100), verifier("b", SEQ, 200), verifier("c", 0, 0));

        EffectWatch.Seen seen = watch();

        assertThat(verifiers.looks).isGreaterThan(1);
        assertThat(seen.effective()).containsExactly(effective("b", 200));
        assertThat(seen.missing()).containsExactly("gateway/a", "gateway/c");
    }

    /** A node that has just started: its list is empty, or holds those only that asked this node. */
    @Test
    void aNodeThatDoesNotKnowTheVerifiersDoesNotSayThatAllHaveIt() {
        verifiers.known = false;

        EffectWatch.Seen none = watch();
        verifiers.live = () -> List.of(verifier("a", SEQ, 100));
        EffectWatch.Seen some = watch();

        assertThat(verifiers.looks).as("it went on looking").isGreaterThan(2);
        assertThat(none.says()).containsExactly(EffectWatch.UNKNOWN);
        assertThat(none.isEverybody()).isFalse();
        assertThat(some.effective()).containsExactly(effective("a", 100));
        assertThat(some.says()).containsExactly(EffectWatch.UNKNOWN);
        assertThat(some.isEverybody()).isFalse();
    }

    @Test
    void whoTurnsOutToBeThereWhileItIsWatchedIsWaitedFor() {
        verifiers.known = false;
        verifiers.live = () -> {
            if (verifiers.looks == 2) {
                verifiers.known = true;
            }
            return verifiers.looks == 1 ? List.of() : List.of(verifier("a", verifiers.looks > 3 ? SEQ : 0, 100));
        };

        EffectWatch.Seen seen = effects.watch(Duration.ofSeconds(10), verifier -> verifier.cursor() >= SEQ);

        assertThat(seen.effective()).containsExactly(effective("a", 100));
        assertThat(seen.says()).isEmpty();
    }

    /** A watch holds a request in flight: many of them would leave no room for sign-ins. */
    @Test
    void beyondSoManyNobodyWaitsAndWhoLacksItIsMissing() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        effects.measuredAs("tests", metrics);
        verifiers.live = () -> List.of(verifier("a", SEQ, 100), verifier("b", 0, 0));
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<EffectWatch.Seen>> watching = Stream.of(1, 2)
                .map(_ -> CompletableFuture.supplyAsync(
                        () -> effects.watch(Duration.ofSeconds(20), verifier -> over.get() || verifier.cursor() >= SEQ),
                        task -> Thread.ofVirtual().start(task)))
                .toList();
        Eventually.within(Duration.ofSeconds(10), "both watch", () -> watches(metrics) == 2);

        EffectWatch.Seen crowded = effects.watch(Duration.ofSeconds(20), verifier -> verifier.cursor() >= SEQ);

        assertThat(watching).noneMatch(CompletableFuture::isDone);
        assertThat(crowded.effective()).containsExactly(effective("a", 100));
        assertThat(crowded.missing()).containsExactly("gateway/b");
        assertThat(crowded.says()).containsExactly(EffectWatch.CROWDED);
        over.set(true);
        for (CompletableFuture<EffectWatch.Seen> each : watching) {
            assertThat(each.get(10, TimeUnit.SECONDS).says()).isEmpty();
        }
        assertThat(watches(metrics)).isZero();
    }

    static double watches(SimpleMeterRegistry metrics) {
        return metrics.get("auth.trust.watches").tag("orders", "tests").gauge().value();
    }

    EffectWatch.Seen watch() {
        return effects.watch(SHORT, verifier -> verifier.cursor() >= SEQ);
    }

    static EffectWatch.Effective effective(String instance, long afterMs) {
        return new EffectWatch.Effective("gateway/" + instance, Duration.ofMillis(afterMs));
    }

    static Verifier verifier(String instance, long cursor, long askedAfterMs) {
        return new Verifier("gateway", instance, 1, cursor, NOW.plusMillis(askedAfterMs));
    }

    /** Verifiers as a test sets them. */
    static final class Fake implements Verifiers {
        Supplier<List<Verifier>> live = List::of;
        volatile int looks;

        @Override
        public List<Verifier> live() {
            looks++;
            return live.get();
        }

        boolean known = true;

        @Override
        public boolean isKnown() {
            return known;
        }

        @Override
        public void exchangeSoon() {
            // Nothing to read: the test writes it.
        }
    }
}
