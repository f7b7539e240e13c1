package dev.firebreak.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures for a terminal of 80 columns. */
final class Table {
    private static final String ROW = "%-24s %9s %7s %9s %7s %6s  %s";
    /** From here on in microseconds. */
    private static final double LONG_NANOS = 10_000;

    private Table() {}

    static List<String> of(List<Outcome> outcomes) {
        List<String> lines = new ArrayList<>();
        lines.add(row("", "ours", "alloc", "peer", "alloc", "ratio", "spread"));
        outcomes.forEach(outcome -> lines.add(row(outcome)));
        lines.add("");
        outcomes.stream().map(Outcome::comparison).forEach(comparison -> {
            Comparison.Peer peer = comparison.peer();
            if (peer != null) {
                lines.add("%-24s beside %s %s".formatted(comparison.name(), peer.name(), peer.version()));
            }
        });
        outcomes.forEach(outcome -> outcome.invalid()
                .ifPresent(reason -> lines.add(
                        "%-24s invalid: %s".formatted(outcome.comparison().name(), reason))));
        return lines;
    }

    private static String row(Outcome outcome) {
        Series peer = outcome.peer();
        return row(
                outcome.comparison().name(),
                time(outcome.ours()),
                bytes(outcome.ours()),
                peer == null ? "" : time(peer),
                peer == null ? "" : bytes(peer),
                outcome.ratio(Sample::nanos)
                        .map(ratio -> format("%.2f", ratio.median()))
                        .orElse(""),
                peer == null
                        ? format("%.0f %%", 100 * outcome.ours().spread())
                        : format("%.0f, %.0f %%", 100 * outcome.ours().spread(), 100 * peer.spread()));
    }

    private static String row(Object... cells) {
        return format(ROW, cells).stripTrailing();
    }

    private static String time(Series series) {
        double nanos = series.median(Sample::nanos);
        return nanos < LONG_NANOS ? format("%.1f ns", nanos) : format("%.1f µs", nanos / 1e3);
    }

    private static String bytes(Series series) {
        return format("%.0f B", series.median(Sample::bytes));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
