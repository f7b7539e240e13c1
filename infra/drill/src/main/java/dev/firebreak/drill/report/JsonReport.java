package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Finding;
import dev.firebreak.drill.scenario.Observed;
import dev.firebreak.drill.scenario.Point;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Verdict;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code drill --json} (contracts, "The front door"). */
public final class JsonReport {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonReport() {}

    public static String of(List<Result> results) {
        ObjectNode root = JSON.createObjectNode();
        ArrayNode scenarios = root.putArray("scenarios");
        ArrayNode control = root.putArray("control");
        for (Result result : results) {
            write(result, result.isControl() ? control.addObject() : scenarios.addObject());
        }
        return root.toString();
    }

    private static void write(Result result, ObjectNode node) {
        Observed seen = result.observed();
        node.put("name", result.name())
                .put("requests", seen.requests())
                .put("pass", result.verdict() == Verdict.PASS)
                .put("verdict", result.verdict().word())
                .put("reason", result.reason())
                .put("broken", result.broken())
                .put("seconds", round(result.took().toMillis() / 1e3))
                .put("good", seen.good())
                .put("shed", seen.shed())
                .put("unavailable", seen.unavailable())
                .put("failed", seen.failed())
                .put("wrong_401", seen.wrong401())
                .put("lost_sessions", result.lostSessions())
                .put("lost_writes", result.lostWrites())
                .put("p50_ms", round(seen.p50()))
                .put("p99_ms", round(seen.p99()))
                .put("shed_p50_ms", round(seen.shedP50()))
                .put("shed_p99_ms", round(seen.shedP99()))
                .put("health_p99_ms", round(seen.healthP99()))
                .put("recovery_ms", result.recoveryMs())
                .put("goodput_share", round(result.goodputShare()))
                .put("collapsed", result.collapsed())
                .put("peak_rps", round(result.peak()))
                .put("cpu", round(seen.mostCpu()))
                .put("late", round(seen.mostLate()));
        ArrayNode curve = node.putArray("curve");
        result.curve().forEach(point -> write(point, curve.addObject()));
        ArrayNode findings = node.putArray("findings");
        for (Finding finding : result.findings()) {
            findings.addObject()
                    .put("name", finding.name())
                    .put("measured", round(finding.measured()))
                    .put("limit", finding.limit())
                    .put("held", finding.held());
        }
    }

    private static void write(Point point, ObjectNode node) {
        node.put("multiple", point.multiple())
                .put("offered_rps", round(point.offered()))
                .put("goodput_rps", round(point.goodput()))
                .put("of_peak", round(point.ofPeak()))
                .put("p99_ms", round(point.p99()))
                .put("shed_p99_ms", round(point.shedP99()))
                .put("cpu", round(point.cpu()))
                .put("pool_utilisation", round(point.utilisation()));
    }

    /** Three digits after the point: more would claim a precision that nothing here has. */
    private static double round(double value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
