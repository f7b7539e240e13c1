package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** On verifiers that answer as a test says; waits are real, and short. */
class EffectWatchTest {
    static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    static final Duration SHORT = Duration.ofMillis(250);
    static final long SEQ = 7;

    final Fake verifiers = new Fake();
    final EffectWatch effects = new EffectWatch(verifiers, InstantSource.fixed(NOW));

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
        int looks;

        @Override
        public List<Verifier> live() {
            looks++;
            return live.get();
        }

        @Override
        public boolean isKnown() {
            return true;
        }

        @Override
        public void exchangeSoon() {
            // Nothing to read: the test writes it.
        }
    }
}
