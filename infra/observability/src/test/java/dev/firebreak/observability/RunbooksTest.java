package dev.firebreak.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The runbooks: one an alert, all of one form, about metrics and documents that exist. */
class RunbooksTest {
    private static final Path RUNBOOKS = Path.of("../../docs/runbooks");
    private static final Path INDEX = RUNBOOKS.resolve("README.md");
    /** Of the authorization server by what follows the prefix, as a database role is called {@code auth_app}. */
    private static final Pattern METRIC = Pattern.compile(
            "(?<![\\w:])(\\w+:)?" + "(firebreak_|gateway_|auth_(signing|trust|sealed|clients|assertions)_)[a-z0-9_:]+");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)(#[^)]*)?\\)");

    private final List<Rule> rules = Rule.readAll(Path.of("rules"));
    private final Set<String> alerts =
            rules.stream().filter(Rule::alert).map(Rule::name).collect(Collectors.toCollection(TreeSet::new));

    @Test
    void areOneAnAlertAndNoMore() {
        Set<String> names = runbooks()
                .map(file -> file.getFileName().toString().replace(".md", ""))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(names).isEqualTo(alerts);
    }

    @Test
    void haveTheFiveHeadingsAndACommandToDiagnoseWith() {
        assertThat(runbooks()).allSatisfy(file -> {
            List<String> lines = Files.readAllLines(file);
            assertThat(lines.getFirst())
                    .isEqualTo("# " + file.getFileName().toString().replace(".md", ""));
            assertThat(lines.stream().filter(line -> line.startsWith("## ")))
                    .containsExactly("## Meaning", "## Impact", "## Diagnosis", "## Mitigation", "## Afterwards");
            String text = Files.readString(file);
            assertThat(text.substring(text.indexOf("## Diagnosis"), text.indexOf("## Mitigation")))
                    .contains("```");
        });
    }

    @Test
    void areAllInTheIndex() {
        assertThat(alerts).allSatisfy(alert -> assertThat(read(INDEX)).contains("](" + alert + ".md)"));
    }

    @Test
    void nameOnlyMetricsThatAreExposedOrRecorded() {
        Set<String> known = MetricNames.golden();
        rules.stream().map(Rule::name).forEach(known::add);

        assertThat(everything())
                .allSatisfy(file -> assertThat(
                                METRIC.matcher(read(file)).results().map(MatchResult::group))
                        .allSatisfy(name -> assertThat(known).anyMatch(metric -> metric.startsWith(name))));
    }

    @Test
    void linkToFilesThatExist() {
        assertThat(everything())
                .allSatisfy(file -> assertThat(
                                LINK.matcher(read(file)).results().map(link -> link.group(1)))
                        .allSatisfy(
                                target -> assertThat(file.resolveSibling(target).normalize())
                                        .exists()));
    }

    private static Stream<Path> runbooks() {
        return everything().filter(file -> !file.equals(INDEX));
    }

    private static Stream<Path> everything() {
        try (Stream<Path> found = Files.list(RUNBOOKS)) {
            return found.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
