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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Every long form, nine minutes without the authorization server among them. Only with {@code -Dlong}. */
@EnabledIfSystemProperty(named = "long", matches = ".*")
class DrillsLongIT {
    @Test
    @Timeout(6_000)
    void whatIsPromisedOnAnyMachineHoldsInEveryLongForm() {
        List<Result> results = new Drills(
                        Path.of(System.getProperty("firebreak.repository")),
                        Ground.Scale.LONG,
                        Long.getLong("firebreak.seed", System.nanoTime() & 0xffff_ffffL),
                        (who, what) -> System.out.println("[drill] " + who + ": " + what),
                        InstantSource.system())
                .run(Scenarios.all());
        Table.of(results).forEach(System.out::println);

        assertThat(results.stream().filter(result -> !result.isControl()))
                .allSatisfy(result -> assertThat(result.findings())
                        .as(result.name() + " " + result.reason())
                        .isNotEmpty()
                        .filteredOn(finding -> !finding.timed() || isJudged(result))
                        .allMatch(Finding::held));
        assertThat(results.stream().filter(Result::isControl))
                .isNotEmpty()
                .allSatisfy(result ->
                        assertThat(result.collapsed()).as(result.name()).isTrue());
    }

    /** The growth in a login storm is not held on two cores (docs/how-to/drill.md). */
    private static boolean isJudged(Result result) {
        return result.verdict() != Verdict.INVALID && !result.name().equals("login-storm");
    }
}
