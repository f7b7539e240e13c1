package dev.firebreak.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firebreak.bench.Comparison.Peer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OutcomeTest {
    private static final Comparison ALONE = new Comparison("gate.next", new Subject("a", Map.of()), null);
    private static final Comparison BESIDE = new Comparison(
            "gate.enter", new Subject("a", Map.of()), new Peer("Semaphore", "25", new Subject("b", Map.of())));

    @Test
    void comparesRoundByRound() {
        // The machine was half as fast in the third round, for both.
        Outcome outcome = new Outcome(BESIDE, series(20, 20, 40, 22, 18), series(10, 10, 20, 10, 10));

        Quantiles ratio = outcome.ratio(Sample::nanos).orElseThrow();

        assertThat(ratio.median()).isCloseTo(2, within(1e-9));
        assertThat(ratio.least()).isCloseTo(1.8, within(1e-9));
        assertThat(ratio.greatest()).isCloseTo(2.2, within(1e-9));
    }

    @Test
    void oneBadRoundOfFiveIsNothing() {
        assertThat(new Outcome(ALONE, series(10, 11, 10, 90, 10), null).invalid())
                .isEmpty();
    }

    @Test
    void isInvalidWhenTheRoundsDiffer() {
        assertThat(new Outcome(ALONE, series(10, 14, 10, 14, 18), null).invalid())
                .contains("the rounds of ours differ by 29 %");
        assertThat(new Outcome(BESIDE, series(10, 10, 10, 10, 10), series(10, 14, 10, 14, 18)).invalid())
                .contains("the rounds of the peer differ by 29 %");
    }

    @Test
    void isInvalidWhenOthersHadTheProcessor() {
        Series starved = new Series(List.of(new Sample(1000, 0.5, 0), new Sample(1000, 0.6, 0)));

        assertThat(new Outcome(ALONE, starved, null).invalid()).contains("ours had 55 % of a processor");
    }

    @Test
    void fitsATerminal() {
        Outcome wide = new Outcome(
                new Comparison("trust.verify_new_native", BESIDE.ours(), BESIDE.peer()),
                series(1_234_567, 1_934_567, 1_234_567),
                series(9_876_543, 1_234_567, 9_876_543));

        assertThat(Table.of(List.of(wide, new Outcome(ALONE, series(0.4), null))))
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.matches("trust.verify_new_native +1234.6 µs +64 B +9876.5 µs +64 B +0.12 .*"))
                .anyMatch(line -> line.matches("gate.next +0.4 ns +64 B +0 %"))
                .anyMatch(line -> line.contains("invalid: "));
    }

    @Test
    void keepsTheRawFigures() {
        JsonNode root = new JsonMapper()
                .readTree(JsonReport.of(
                        List.of(
                                new Outcome(BESIDE, series(100, 200, 400), series(50, 100, 100)),
                                new Outcome(ALONE, series(5), null)),
                        new Machine(2, "a processor", "25")));

        JsonNode enter = root.at("/benchmarks/0");
        assertThat(enter.at("/rounds").intValue()).isEqualTo(3);
        assertThat(enter.at("/ours/rps").longValue()).isEqualTo(5_000_000);
        assertThat(enter.at("/ours/raw/2/ns").doubleValue()).isEqualTo(400);
        assertThat(enter.at("/peer/version").stringValue()).isEqualTo("25");
        assertThat(enter.at("/peer/cpu_us").doubleValue()).isEqualTo(0.1);
        assertThat(enter.at("/ratio/rps/median").doubleValue()).isEqualTo(0.5);
        assertThat(enter.at("/verdict").stringValue()).isEqualTo("invalid");
        assertThat(root.at("/figures/gate.next_ns").doubleValue()).isEqualTo(5);
    }

    private static Series series(double... nanos) {
        return new Series(Arrays.stream(nanos)
                .mapToObj(each -> new Sample(each, each / 1e3, 64))
                .toList());
    }
}
