package dev.firebreak.auth.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.client.SeenIds.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SeenIdsTest {
    static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void letsAnIdThroughOnce() {
        SeenIds seen = new SeenIds(MINUTE, 100, NOW);

        assertThat(seen.mark("a", NOW)).isEqualTo(Mark.FIRST);
        assertThat(seen.mark("a", NOW)).isEqualTo(Mark.REPLAYED);
        assertThat(seen.mark("b", NOW)).isEqualTo(Mark.FIRST);
    }

    @Test
    void remembersAnIdForAtLeastTheTimeAskedAndAtMostTwiceThat() {
        SeenIds seen = new SeenIds(MINUTE, 100, NOW);
        seen.mark("late in its generation", NOW.plusSeconds(59));

        assertThat(seen.mark("late in its generation", NOW.plusSeconds(119))).isEqualTo(Mark.REPLAYED);
        assertThat(seen.mark("late in its generation", NOW.plusSeconds(180))).isEqualTo(Mark.FIRST);
    }

    @Test
    void forgetsEverythingAfterALongPause() {
        SeenIds seen = new SeenIds(MINUTE, 100, NOW);
        seen.mark("a", NOW);

        assertThat(seen.mark("a", NOW.plus(Duration.ofDays(1)))).isEqualTo(Mark.FIRST);
        assertThat(seen.size()).isEqualTo(1);
    }

    @Test
    void refusesRatherThanForgetsWhenItIsFull() {
        SeenIds seen = new SeenIds(MINUTE, 2, NOW);
        seen.mark("a", NOW);
        seen.mark("b", NOW);

        assertThat(seen.mark("c", NOW)).isEqualTo(Mark.FULL);
        assertThat(seen.mark("a", NOW)).isEqualTo(Mark.REPLAYED);
        assertThat(seen.mark("c", NOW.plusSeconds(60)))
                .as("a new generation has room")
                .isEqualTo(Mark.FIRST);
    }

    @Test
    void letsOneOfManyThreadsThroughWhileGenerationsTurn() throws Exception {
        for (int round = 0; round < 200; round++) {
            SeenIds seen = new SeenIds(MINUTE, 1000, NOW);
            AtomicReference<Instant> time = new AtomicReference<>(NOW.plusSeconds(59));

            var marks = Parallel.run(16, () -> {
                Mark mark = seen.mark("a", time.get());
                time.set(NOW.plusSeconds(61));
                return mark;
            });

            assertThat(Collections.frequency(marks, Mark.FIRST)).isEqualTo(1);
        }
    }
}
