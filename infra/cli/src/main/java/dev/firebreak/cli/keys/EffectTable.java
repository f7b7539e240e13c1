package dev.firebreak.cli.keys;

import dev.firebreak.cli.keys.Lines.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Which verifier had an order after how many milliseconds, and which are missing. */
public final class EffectTable {
    private static final int LONGEST_VERIFIER = 60;

    /** An empty table would look like one on which everybody obeys. */
    private static final String NOBODY = "The authorization server knows of no verifier: there was nobody to watch.";

    private EffectTable() {}

    /**
     * A blank line and the table, or that there are no verifiers.
     *
     * @param answer to an order whose effect was watched, with {@code effective} and {@code missing}
     */
    public static List<String> lines(JsonNode answer) {
        List<String> lines = ifAny(answer);
        return lines.isEmpty() ? List.of("", NOBODY) : lines;
    }

    /** What the server says beside the lists, each sentence within 80 columns. */
    public static List<String> says(JsonNode answer) {
        return Lines.texts(answer.path("says")).stream()
                .flatMap(sentence -> Lines.wrapped("", sentence).stream())
                .toList();
    }

    /** As {@link #lines}; nothing if there are no verifiers. */
    static List<String> ifAny(JsonNode answer) {
        Map<String, String> effects = new LinkedHashMap<>();
        for (JsonNode effect : answer.path("effective")) {
            JsonNode after = effect.path("after_ms");
            effects.put(Lines.text(effect, "verifier"), after.isNumber() ? Times.millis(after.asLong()) : "not yet");
        }
        for (String verifier : Lines.texts(answer.path("missing"))) {
            // Whatever else is said of it: what it does now is what counts.
            effects.put(verifier, "MISSING");
        }
        if (effects.isEmpty()) {
            return List.of();
        }
        List<Row> rows = new ArrayList<>(List.of(Row.of("VERIFIER", "IN FORCE AFTER")));
        effects.forEach((verifier, after) -> rows.add(Row.of(verifier, after)));
        List<String> lines = new ArrayList<>(List.of(""));
        lines.addAll(Lines.table(LONGEST_VERIFIER, rows));
        return lines;
    }
}
