package dev.firebreak.drill.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.drill.scenario.Finding;
import dev.firebreak.drill.scenario.Observed;
import dev.firebreak.drill.scenario.Point;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Verdict;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ReportsTest {
    private static final Observed SEEN =
            new Observed(12_345, 9_876, 2_469, 0, 0, 0, 18.5, 61.2, 1.1, 4.2, 9, 0, 0.6, 0.01);
    private static final List<Point> CURVE = List.of(
            new Point(1, 150.2, 149.8, 0.6, 40, 0, 0.3, 0.6), new Point(10, 1502, 247.1, 0.99, 90, 4.2, 0.7, 0.99));

    private static Result result(String subject, Verdict verdict, double share) {
        return new Result(
                "overload",
                subject,
                "10x load on a pool of 4, 15 ms database time a call",
                Duration.ofSeconds(61),
                SEEN,
                0,
                0,
                120,
                250,
                share,
                CURVE,
                List.of(new Finding("wrong 401", 0, "0", true, false)),
                verdict,
                "");
    }

    @Test
    void theJsonHasTheContractsShape() {
        JsonNode json = new JsonMapper()
                .readTree(JsonReport.of(
                        List.of(result("firebreak", Verdict.PASS, 1.6), result("control", Verdict.FAIL, 0.01))));

        assertThat(json.propertyNames()).containsExactly("scenarios", "control");
        JsonNode scenario = json.path("scenarios").path(0);
        for (String key : List.of(
                "name", "requests", "pass", "wrong_401", "lost_sessions", "lost_writes", "p99_ms", "recovery_ms")) {
            assertThat(scenario.has(key)).as(key).isTrue();
        }
        assertThat(scenario.path("pass").asBoolean()).isTrue();
        assertThat(json.path("control").path(0).path("collapsed").asBoolean()).isTrue();
    }

    @Test
    void theTableFitsATerminal() {
        List<String> lines =
                Table.of(List.of(result("firebreak", Verdict.INVALID, 1), result("control", Verdict.FAIL, 0)));

        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(lines.get(1)).contains("overload", "12345", "9876", "2469", "invalid");
        assertThat(lines.get(2)).contains("control", "collapsed");
    }

    @Test
    void thePlotIsWellFormedAndHasBothCurves() throws Exception {
        String svg = SvgPlot.of(List.of(result("firebreak", Verdict.PASS, 1), result("control", Verdict.FAIL, 0)));

        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(svg).contains("firebreak (peak 250/s)", "control (peak 250/s)");
    }

    @Test
    void theMarkdownHasARowForEach() {
        String text =
                Markdown.of(List.of(result("firebreak", Verdict.PASS, 1), result("control", Verdict.FAIL, 0)), "M", "");

        assertThat(text.lines().filter(line -> line.startsWith("| overload |"))).hasSize(2);
        assertThat(text.lines().filter(line -> line.startsWith("| --- |") && line.split("\\|").length == 15))
                .hasSize(2);
    }

    @Test
    void theExitStatusFollowsTheWorst() {
        Result pass = result("firebreak", Verdict.PASS, 1);
        Result invalid = result("firebreak", Verdict.INVALID, 1);
        Result fail = result("firebreak", Verdict.FAIL, 1);
        Result collapsed = result("control", Verdict.FAIL, 0.1);

        assertThat(Conclusion.of(List.of(pass, collapsed)).status()).isZero();
        assertThat(Conclusion.of(List.of(pass, fail, invalid)).status()).isEqualTo(1);
        assertThat(Conclusion.of(List.of(pass, invalid)).status()).isEqualTo(3);
        // A control that withstands the fault proves that the fault was none.
        assertThat(Conclusion.of(List.of(pass, result("control", Verdict.PASS, 0.9)))
                        .status())
                .isEqualTo(3);
    }

    @Test
    void theSizingGuideNamesItsMachine() {
        String text = Sizing.of(List.of(result("firebreak", Verdict.PASS, 1)), new Machine(2, "CPU", 8192, "25"))
                .orElseThrow();

        assertThat(new JsonMapper().readTree(text).path("load_rps").asInt()).isEqualTo(150);
        assertThat(new JsonMapper().readTree(text).path("machine").path("cores").asInt())
                .isEqualTo(2);
    }
}
