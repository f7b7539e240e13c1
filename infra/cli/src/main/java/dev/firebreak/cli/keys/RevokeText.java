package dev.firebreak.cli.keys;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What was taken back, and after how many milliseconds each verifier refused it. */
public final class RevokeText {
    private RevokeText() {}

    /** @param answer to {@code POST trust/revocations} */
    public static List<String> lines(JsonNode answer) {
        List<String> lines = new ArrayList<>(Lines.wrapped(
                "",
                "revoked %s %s, row %s of the journal"
                        .formatted(
                                Lines.text(answer, "kind"),
                                Lines.text(answer, "value"),
                                answer.path("journal_seq").asString("?"))));
        lines.addAll(EffectTable.says(answer));
        lines.addAll(EffectTable.lines(answer));
        return lines;
    }
}
