package dev.firebreak.observability;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The rules: sound, tested from both sides, and about metrics that exist. */
class AlertRulesTest {
    private static final Path RULES = Path.of("rules");
    private static final Path TESTS = Path.of("tests");

    /** Made by Prometheus itself for each target it scrapes. */
    private static final Set<String> NOT_OURS = Set.of("up");

    private final List<Rule> rules = Rule.readAll(RULES);

    @Test
    void areAcceptedByPrometheus() throws Exception {
        Promtool.Result result = Promtool.require().run(List.of("check", "rules"), Rule.files(RULES));

        assertThat(result.status()).as(result.output()).isZero();
    }

    @Test
    void passTheirUnitTests() throws Exception {
        Promtool.Result result = Promtool.require().run(List.of("test", "rules"), Rule.files(TESTS));

        assertThat(result.status()).as(result.output()).isZero();
    }

    @Test
    void areEachTestedToFireAndToStaySilent() {
        List<JsonNode> cases = Rule.files(TESTS).stream()
                .flatMap(file -> Rule.read(file).path("tests").valueStream())
                .flatMap(test -> test.path("alert_rule_test").valueStream())
                .toList();

        assertThat(names(cases.stream().filter(one -> !one.path("exp_alerts").isEmpty())))
                .as("tests in which it fires")
                .isEqualTo(alerts());
        assertThat(names(cases.stream().filter(one -> one.path("exp_alerts").isEmpty())))
                .as("tests in which it is silent")
                .isEqualTo(alerts());
    }

    @Test
    void areOneGroupAFileWithATestFileOfTheSameName() {
        assertThat(Rule.files(RULES)).allSatisfy(file -> {
            String group = file.getFileName().toString().replace(".yaml", "");
            assertThat(Rule.read(file).path("groups")).hasSize(1);
            assertThat(Rule.read(file).path("groups").path(0).path("name").asString())
                    .isEqualTo(group);
            assertThat(TESTS.resolve(group + "_test.yaml")).isRegularFile();
        });
    }

    @Test
    void sayHowBadItIsWhatItMeansAndWhatToRead() {
        assertThat(rules.stream().filter(Rule::alert)).allSatisfy(alert -> {
            assertThat(alert.labels().get("severity")).isIn("warning", "critical");
            assertThat(alert.annotations()).containsOnlyKeys("summary", "description", "runbook_url");
            assertThat(alert.annotations().get("summary")).hasSizeLessThanOrEqualTo(120);
            assertThat(alert.annotations().get("runbook_url")).isEqualTo("docs/runbooks/" + alert.name() + ".md");
        });
    }

    @Test
    void readOnlyMetricsThatAreExposedOrRecorded() {
        Set<String> known = new TreeSet<>(MetricNames.golden());
        known.addAll(NOT_OURS);
        rules.stream().filter(rule -> !rule.alert()).map(Rule::name).forEach(known::add);

        assertThat(rules)
                .allSatisfy(rule -> assertThat(MetricNames.in(rule.expression()))
                        .as(rule.name())
                        .isNotEmpty()
                        .isSubsetOf(known));
    }

    @Test
    void recordUnderNamesThatSayTheirLevel() {
        assertThat(rules.stream().filter(rule -> !rule.alert()))
                .isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.name()).matches("[a-z_]+:firebreak_[a-z_]+:[a-z0-9_]+"));
    }

    private Set<String> alerts() {
        return rules.stream().filter(Rule::alert).map(Rule::name).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(Stream<JsonNode> cases) {
        return cases.map(one -> one.path("alertname").asString()).collect(Collectors.toCollection(TreeSet::new));
    }
}
