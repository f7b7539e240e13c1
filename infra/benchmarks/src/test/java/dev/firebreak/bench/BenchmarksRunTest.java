package dev.firebreak.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark once, for a millisecond and in this JVM: its figures are worthless, but it runs. */
class BenchmarksRunTest {
    private static final Effort LEAST = new Effort(1, 0, 0, 1, Duration.ofMillis(1));

    @Test
    void everyBenchmarkRuns() throws Exception {
        Collection<Outcome> outcomes =
                new Rounds(LEAST, progress -> {}).attempt(Catalogue.all()).values();

        assertThat(outcomes)
                .hasSameSizeAs(Catalogue.all())
                .allSatisfy(outcome ->
                        assertThat(outcome.ours().rounds()).hasSize(1).allMatch(sample -> sample.nanos() > 0));
    }

    @Test
    void theCatalogueNamesEveryBenchmarkThereIs() {
        List<String> there = BenchmarkList.defaultList()
                .getAll(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), List.of())
                .stream()
                .map(BenchmarkListEntry::getUsername)
                .toList();

        assertThat(Catalogue.all().stream()
                        .flatMap(comparison -> Stream.concat(
                                Stream.of(comparison.ours()),
                                Stream.ofNullable(comparison.peer()).map(Comparison.Peer::subject)))
                        .map(Subject::benchmark)
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(there);
    }
}
