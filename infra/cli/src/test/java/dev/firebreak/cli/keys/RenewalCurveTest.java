package dev.firebreak.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Time passes only while the curve waits. */
class RenewalCurveTest {
    private Instant now = Instant.EPOCH;
    private final List<Duration> pauses = new ArrayList<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final RenewalCurve curve = new RenewalCurve(() -> now, pause -> {
        pauses.add(pause);
        now = now.plus(pause);
    });

    @Test
    void looksEachSecondUntilAllAreRenewed() throws Exception {
        Optional<JsonNode> last = curve.follow(() -> Optional.of(renewal(3, asked.incrementAndGet())), _ -> {});

        assertThat(asked).hasValue(3);
        assertThat(pauses).containsOnly(Duration.ofSeconds(1));
        assertThat(RenewalCurve.conclusion(last)).containsExactly("All sessions are renewed: 3.");
    }

    @Test
    void givesUpAfterFiveMinutesAndSaysHowFarItCame() throws Exception {
        Optional<JsonNode> last = curve.follow(() -> Optional.of(renewal(120, 80)), _ -> {});

        assertThat(now).isEqualTo(Instant.EPOCH.plus(Duration.ofMinutes(5)));
        assertThat(RenewalCurve.conclusion(last))
                .containsExactly(
                        "80 of 120 sessions are renewed after 5 min; each of the others is with its next", "request.");
    }

    @Test
    void believesOnlyAfterFiveSecondsThatNobodyHasToBeRenewed() throws Exception {
        Optional<JsonNode> last = curve.follow(() -> Optional.of(renewal(0, 0)), _ -> {});

        assertThat(now).isEqualTo(Instant.EPOCH.plusSeconds(5));
        assertThat(RenewalCurve.conclusion(last)).containsExactly("No session had to be renewed.");
    }

    @Test
    void goesOnThoughTheServerIsTooBusyToSay() throws Exception {
        Optional<JsonNode> last = curve.follow(
                () -> asked.incrementAndGet() < 9 ? Optional.empty() : Optional.of(renewal(1, 1)), _ -> {});

        assertThat(asked).hasValue(9);
        assertThat(RenewalCurve.conclusion(last)).containsExactly("All sessions are renewed: 1.");
        assertThat(RenewalCurve.conclusion(curve.follow(Optional::empty, _ -> {})))
                .containsExactly("The server was too busy to say how many sessions are renewed.");
    }

    @Test
    void drawsEachPointOnceAndNoneThatChangesNothing() {
        assertThat(curve.bars(Documents.parse("{\"points\":[{\"at_ms\":1000,\"share\":0.5}]}")))
                .containsExactly("    1.0 s  [" + "#".repeat(29) + ".".repeat(29) + "]   50 %");
        assertThat(curve.bars(Documents.parse("{\"points\":[{\"at_ms\":1000,\"share\":0.5},"
                        + "{\"at_ms\":2000,\"share\":0.5},{\"at_ms\":3000,\"share\":0.999}]}")))
                .containsExactly("    3.0 s  [" + "#".repeat(58) + "]   99 %");
    }

    private static JsonNode renewal(int toRenew, int renewed) {
        return Documents.parse(
                "{\"sessions\":{\"to_renew\":%d,\"renewed\":%d},\"points\":[]}".formatted(toRenew, renewed));
    }
}
