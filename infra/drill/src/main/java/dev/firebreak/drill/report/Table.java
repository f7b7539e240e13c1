package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Finding;
import dev.firebreak.drill.scenario.Observed;
import dev.firebreak.drill.scenario.Point;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results for a terminal of 80 columns. */
public final class Table {
    private static final int WIDTH = 80;
    private static final String ROW = "%-12s %-9s %6s %6s %6s %5s %4s %6s %5s  %s";

    private Table() {}

    public static List<String> of(List<Result> results) {
        List<String> lines = new ArrayList<>();
        lines.add(row("drill", "at", "asked", "good", "shed", "w401", "lost", "p99", "back", "verdict"));
        for (Result result : results) {
            Observed seen = result.observed();
            lines.add(row(
                    result.name(),
                    result.subject(),
                    Integer.toString(seen.requests()),
                    Integer.toString(seen.good()),
                    Integer.toString(seen.shed() + seen.unavailable()),
                    Integer.toString(seen.wrong401()),
                    Integer.toString(result.lostSessions() + result.lostWrites()),
                    Math.round(seen.p99()) + "ms",
                    result.recoveryMs() < 0 ? "never" : seconds(result.recoveryMs()),
                    verdict(result)));
        }
        lines.add("");
        results.forEach(result -> details(result, lines));
        return lines.stream().map(Table::fit).toList();
    }

    /** In words: at the control not a verdict is told but what became of it. */
    static String verdict(Result result) {
        if (result.isControl() && result.verdict() != Verdict.INVALID) {
            return result.collapsed() ? "collapsed" : "held";
        }
        return result.verdict().word();
    }

    private static void details(Result result, List<String> lines) {
        lines.add(result.name() + " at " + result.subject() + ": " + result.broken());
        if (!result.reason().isEmpty()) {
            lines.add("  " + result.verdict().word() + ": " + result.reason());
        }
        for (Point point : result.curve()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %2dx %5.0f/s  good %4.0f/s %3.0f %%  p99 %5.0f ms  shed p99 %6.1f ms  CPU %3.0f %%",
                    point.multiple(),
                    point.offered(),
                    point.goodput(),
                    point.ofPeak() * 100,
                    point.p99(),
                    point.shedP99(),
                    point.cpu() * 100));
        }
        if (!result.isControl()) {
            for (Finding finding : result.findings()) {
                lines.add((finding.held() ? "  ok      " : "  BROKEN  ") + finding.text());
            }
        }
    }

    private static String row(String... cells) {
        return String.format(Locale.ROOT, ROW, (Object[]) cells).stripTrailing();
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1fs", millis / 1e3);
    }

    private static String fit(String line) {
        return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 1) + "…";
    }
}
