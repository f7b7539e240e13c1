package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Finding;
import dev.firebreak.drill.scenario.Observed;
import dev.firebreak.drill.scenario.Point;
import dev.firebreak.drill.scenario.Result;
import java.util.List;
import java.util.Locale;

/** The same as a document: two tables, the curve, and each promise with its figure. */
public final class Markdown {
    private Markdown() {}

    /**
     * @param machine what it ran on, in words
     * @param plot file name of the plot, beside the document; empty when there is none
     */
    public static String of(List<Result> results, String machine, String plot) {
        StringBuilder text = new StringBuilder("# Drills: what was broken, and what users saw\n\n")
                .append(machine)
                .append(".\n\n## Firebreak\n\n");
        table(results.stream().filter(result -> !result.isControl()).toList(), text);
        text.append("\n## The control: authentication by look-up, one pool, a queue without limit\n\n");
        table(results.stream().filter(Result::isControl).toList(), text);
        if (!plot.isEmpty()) {
            text.append("\n![goodput against offered load](").append(plot).append(")\n");
        }
        results.forEach(result -> details(result, text));
        return text.toString();
    }

    private static void table(List<Result> results, StringBuilder text) {
        text.append("| drill | broken | for | requests | 2xx | shed 503 | wrong 401 | lost sessions | lost writes |")
                .append(" p50 | p99 | shed p99 | recovery | verdict |\n")
                .append("| --- |".repeat(1))
                .append(" --- |".repeat(13))
                .append('\n');
        for (Result result : results) {
            Observed seen = result.observed();
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d s | %d | %d | %d | %d | %d | %d | %.0f ms | %.0f ms | %.1f ms | %s | %s |%n",
                    result.name(),
                    result.broken(),
                    result.took().toSeconds(),
                    seen.requests(),
                    seen.good(),
                    seen.shed() + seen.unavailable(),
                    seen.wrong401(),
                    result.lostSessions(),
                    result.lostWrites(),
                    seen.p50(),
                    seen.p99(),
                    seen.shedP99(),
                    result.recoveryMs() < 0 ? "never seen" : result.recoveryMs() + " ms",
                    Table.verdict(result)));
        }
    }

    private static void details(Result result, StringBuilder text) {
        text.append("\n### ")
                .append(result.name())
                .append(" at ")
                .append(result.subject())
                .append("\n\n");
        if (!result.reason().isEmpty()) {
            text.append(result.verdict().word())
                    .append(": ")
                    .append(result.reason())
                    .append("\n\n");
        }
        if (!result.curve().isEmpty()) {
            text.append("| load | offered/s | good/s | of peak | p99 ms | shed p99 ms | CPU | pool in use |\n")
                    .append("| --- | --- | --- | --- | --- | --- | --- | --- |\n");
        }
        for (Point point : result.curve()) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %d× | %.0f | %.0f | %.0f %% | %.0f | %.1f | %.0f %% | %.0f %% |%n",
                    point.multiple(),
                    point.offered(),
                    point.goodput(),
                    point.ofPeak() * 100,
                    point.p99(),
                    point.shedP99(),
                    point.cpu() * 100,
                    point.utilisation() * 100));
        }
        text.append('\n');
        for (Finding finding : result.findings()) {
            text.append(finding.held() ? "- held: " : "- broken: ")
                    .append(finding.text())
                    .append('\n');
        }
    }
}
