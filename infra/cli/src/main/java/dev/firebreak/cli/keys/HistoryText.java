package dev.firebreak.cli.keys;

import dev.firebreak.cli.keys.Lines.Row;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The journal of orders and automatic steps, and whether its chain holds. */
public record HistoryText(ZoneId zone) {
    private static final int LONGEST_SEQ = 9;

    /** Its rows name no kind: they came first, and they are most. */
    private static final String SIGNING_KEY = "signing-key";

    /**
     * @param history {@code GET keys/history} or {@code GET audit}, all pages
     * @param all whether it is the latter
     */
    public List<String> lines(JsonNode history, boolean all) {
        Times times = new Times(Instant.EPOCH, zone);
        KeyNames names = KeyNames.of(history.path("entries"));
        List<Row> rows = new ArrayList<>(List.of(Row.of("ROW", "AT", "WHAT")));
        for (JsonNode entry : history.path("entries")) {
            String what = what(entry, names);
            String before = Lines.text(entry, "before");
            String after = Lines.text(entry, "after");
            String change = after.isEmpty() ? "" : "  " + (before.isEmpty() ? "new" : before) + " -> " + after;
            rows.add(new Row(
                    List.of(
                            entry.path("seq").asString(""),
                            Times.instant(entry, "at").map(times::date).orElse("-")),
                    List.of(
                            (Lines.text(entry, "order") + "  " + what + change).strip(),
                            Lines.text(entry, "actor") + ": " + Lines.text(entry, "reason"))));
        }
        List<String> lines = new ArrayList<>(
                rows.size() == 1 ? List.of("The journal has no such row.") : Lines.table(LONGEST_SEQ, rows));
        String head = Lines.text(history, "head");
        if (!head.isEmpty()) {
            lines.add("");
            lines.add("Head of the chain:");
            lines.addAll(Lines.wrapped("", head));
        }
        JsonNode next = history.path("next");
        if (next.isNumber()) {
            lines.add(
                    "There are more: ./firebreak keys history " + (all ? "--all " : "") + "--after " + next.asString());
        }
        return lines;
    }

    /** What no table shows shortened is whole here, so that it can be looked for. */
    private static String what(JsonNode entry, KeyNames names) {
        String kind = Lines.text(entry, "subject");
        String id = KeyNames.id(entry);
        return kind.isEmpty() || kind.equals(SIGNING_KEY) ? names.shortOf(id) : kind + " " + id;
    }

    /** @param verdict {@code GET keys/history/verify} */
    public static List<String> verdict(JsonNode verdict) {
        String rows = verdict.path("rows").asString("0") + " rows";
        if (holds(verdict)) {
            List<String> lines =
                    new ArrayList<>(List.of("The journal holds: " + rows + ", none deleted, edited or swapped."));
            lines.add("Head of the chain:");
            lines.addAll(Lines.wrapped("", Lines.text(verdict, "head")));
            return lines;
        }
        return Lines.wrapped(
                "",
                "The journal is BROKEN at row " + verdict.path("broken_at").asString("?") + " of " + rows + ": "
                        + Lines.text(verdict, "why"));
    }

    /** Only the server's plain yes counts. */
    public static boolean holds(JsonNode verdict) {
        return verdict.path("ok").asBoolean(false);
    }
}
