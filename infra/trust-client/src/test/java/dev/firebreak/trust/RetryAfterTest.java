package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Waits: inside their bounds and spread over them. */
class RetryAfterTest {
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void spreadsOverTheWholeRangeWithoutAHint() {
        assertThat(seconds(null)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    }

    @Test
    void startsAtTheHintRoundedUpAndSpreads() {
        assertThat(seconds(Duration.ofSeconds(1))).containsExactly(1, 2, 3);
        assertThat(seconds(Duration.ofMillis(1001))).containsExactly(2, 3, 4, 5);
        assertThat(seconds(Duration.ofSeconds(5))).containsExactly(5, 6, 7, 8, 9, 10);
    }

    @Test
    void staysWithinOneAndTenWhateverTheHint() {
        assertThat(seconds(Duration.ZERO)).containsExactly(1);
        assertThat(seconds(Duration.ofSeconds(-5))).containsExactly(1);
        assertThat(seconds(Duration.ofSeconds(30))).containsExactly(6, 7, 8, 9, 10);
        assertThat(seconds(Duration.ofSeconds(Long.MAX_VALUE))).containsExactly(6, 7, 8, 9, 10);
        assertThat(seconds(Duration.ofSeconds(Long.MIN_VALUE))).containsExactly(1);
    }

    @Test
    void backsOffByDoublingUpToFiveSecondsAndNeverTogether() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), random);

        int[] ceilings = {0, 1000, 2000, 4000, 5000, 5000};
        for (int failures = 1; failures < ceilings.length; failures++) {
            Set<Long> waits = new TreeSet<>();
            for (int i = 0; i < 1_000; i++) {
                waits.add(backoff.afterFailure(failures).toMillis());
            }
            assertThat(waits).allMatch(atMost(ceilings[failures])).hasSizeGreaterThan(300);
        }
        assertThat(backoff.afterFailure(Integer.MAX_VALUE)).isBetween(Duration.ofMillis(2500), Duration.ofSeconds(5));
        for (int i = 0; i < 1_000; i++) {
            assertThat(backoff.afterSuccess(Duration.ZERO)).isBetween(Duration.ofMillis(900), Duration.ofMillis(1100));
        }
    }

    private static Predicate<Long> atMost(int ceiling) {
        return millis -> millis >= ceiling / 2 && millis <= ceiling;
    }

    private Set<Integer> seconds(@Nullable Duration hint) {
        Set<Integer> seen = new TreeSet<>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(RetryAfter.seconds(hint, random));
        }
        return seen;
    }
}
