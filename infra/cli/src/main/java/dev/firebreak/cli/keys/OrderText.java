package dev.firebreak.cli.keys;

import dev.firebreak.cli.keys.Lines.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What an order changed, who is missing, and after how many milliseconds it was in force at each verifier. */
public final class OrderText {
    private static final int LONGEST_KID = 44;
    private static final Set<String> WATCHED = Set.of("publish", "revoke", "rotate");

    private OrderText() {}

    /** @param answer to {@code POST keys/<order>}, dry or not */
    public static List<String> lines(String order, JsonNode answer) {
        List<String> lines = new ArrayList<>(Lines.wrapped("", heading(order, answer)));
        List<Row> changes = new ArrayList<>();
        for (JsonNode change : answer.path("changes")) {
            String before = Lines.text(change, "before");
            if (before.equals(Lines.text(change, "after"))) {
                // Noted on a key that stays what it is, for instance that an emergency is for it: nothing for people.
                continue;
            }
            changes.add(Row.of(
                    "  " + KeyNames.id(change),
                    (before.isEmpty() ? "new" : before) + " -> " + Lines.text(change, "after")));
        }
        if (!changes.isEmpty()) {
            lines.addAll(Lines.table(LONGEST_KID + 2, changes));
        }
        lines.addAll(EffectTable.says(answer));
        lines.addAll(isWatched(order, answer) ? EffectTable.lines(answer) : EffectTable.ifAny(answer));
        return lines;
    }

    /** Whether the server looked what becomes of it at the verifiers, who hold signing keys only. */
    private static boolean isWatched(String order, JsonNode answer) {
        return WATCHED.contains(order)
                && !answer.path("dry_run").asBoolean(false)
                && answer.path("version").isNumber();
    }

    private static String heading(String order, JsonNode answer) {
        if (answer.path("dry_run").asBoolean(false)) {
            return order + ": a dry run, nothing was changed. It would do this:";
        }
        StringBuilder heading = new StringBuilder(order + ": done");
        if (answer.path("journal_seq").isNumber()) {
            heading.append(", row ")
                    .append(answer.path("journal_seq").asString())
                    .append(" of the journal");
        }
        if (answer.path("version").isNumber()) {
            heading.append(", keys are now version ")
                    .append(answer.path("version").asString());
        }
        return heading.toString();
    }
}
