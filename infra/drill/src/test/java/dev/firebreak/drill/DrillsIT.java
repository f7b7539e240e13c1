package dev.firebreak.drill;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.drill.report.Table;
import dev.firebreak.drill.scenario.Finding;
import dev.firebreak.drill.scenario.Ground;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Scenarios;
import dev.firebreak.drill.scenario.Verdict;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * The short forms of {@code overload}, {@code cascade}, {@code key-revoke} and {@code jwks}, held against
 * what is promised on any machine. Promises of time
 * are judged where a run is valid, and that is for {@code ./firebreak drill} to say: here other tests may share the cores.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrillsIT {
    private List<Result> results;

    @BeforeAll
    @Timeout(600)
    void run() {
        long seed = Long.getLong("firebreak.seed", System.nanoTime() & 0xffff_ffffL);
        results = new Drills(
                        Path.of(System.getProperty("firebreak.repository")),
                        Ground.Scale.SHORT,
                        seed,
                        (who, what) -> System.out.println("[drill] " + who + ": " + what),
                        InstantSource.system())
                .run(Stream.of("overload", "cascade", "key-revoke", "jwks")
                        .map(name -> Scenarios.find(name).orElseThrow())
                        .toList());
        Table.of(results).forEach(System.out::println);
    }

    @Test
    void nobodyIsToldThatTheirSessionIsNoGood() {
        assertThat(ours()).hasSize(4).allSatisfy(result -> {
            assertThat(result.observed().requests()).isGreaterThanOrEqualTo(1_000);
            assertThat(result.observed().wrong401()).isZero();
        });
    }

    @Test
    void noSessionIsLost() {
        assertThat(ours())
                .allSatisfy(result -> assertThat(result.lostSessions()).isZero());
    }

    @Test
    void noAcknowledgedWriteIsLost() {
        assertThat(ours()).allSatisfy(result -> assertThat(result.lostWrites()).isZero());
    }

    /** A revoked key is refused and a good one is not, a restarted verifier serves from its copy, and so on. */
    @Test
    void whateverElseIsPromisedOnAnyMachineHolds() {
        assertThat(ours())
                .allSatisfy(result -> assertThat(result.findings())
                        .as(result.name() + " " + result.reason())
                        .isNotEmpty()
                        .filteredOn(finding -> !finding.timed())
                        .allMatch(Finding::held));
    }

    @Test
    void nobodyWhoIsSignedInNoticesARotationInAValidRun() {
        assertThat(ours())
                .filteredOn(result ->
                        result.name().equals("key-revoke") || result.name().equals("jwks"))
                .filteredOn(result -> result.verdict() != Verdict.INVALID)
                .allSatisfy(result -> assertThat(result.findings())
                        .as(result.name())
                        .filteredOn(finding -> finding.limit().equals("0"))
                        .allMatch(Finding::held));
    }

    /** The same faults, the same load: what Firebreak is there for. */
    @Test
    void theControlCollapses() {
        assertThat(results.stream().filter(Result::isControl))
                .hasSize(2)
                .allSatisfy(result -> assertThat(result.goodputShare()).isLessThan(0.5));
        Result cascade = results.stream()
                .filter(result -> result.isControl() && result.name().equals("cascade"))
                .findFirst()
                .orElseThrow();
        // Which of its two ways to die it takes is chance: four look-ups that failed at once wait for each other.
        assertThat(cascade.observed().wrong401() > 0 || cascade.goodputShare() < 0.05)
                .as("signed people out, or answered nobody: %s", cascade.observed())
                .isTrue();
    }

    @Test
    void goodputStaysUpInAValidRun() {
        assertThat(ours())
                .filteredOn(result -> result.verdict() != Verdict.INVALID)
                .allSatisfy(result -> assertThat(result.collapsed()).isFalse());
    }

    private List<Result> ours() {
        return results.stream().filter(result -> !result.isControl()).toList();
    }
}
