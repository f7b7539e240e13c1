package dev.firebreak.cli.keys;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What to do about an order that was refused. */
public final class Refusals {
    private Refusals() {}

    /**
     * What to do, a line each; empty where the refusal says it all.
     *
     * @param problem the problem document
     */
    public static List<String> advice(int status, String code, JsonNode problem) {
        List<String> lines = new ArrayList<>();
        switch (code) {
            case "keys.unconfirmed" -> {
                lines.add("./firebreak keys list says when each was seen; mend or stop it, then try again.");
                lines.add("Only rotate --emergency passes over verifiers.");
            }
            case "keys.not_found", "keys.illegal_move" -> lines.add("what there is: ./firebreak keys list");
            case "refresh_key.not_found", "refresh_key.changed", "refresh_key.rotation_under_way" ->
                lines.add("what there is: ./firebreak keys list --ring refresh");
            case "keys.too_early" ->
                lines.add("when: ./firebreak keys plan; activate and rotate skip this wait with --force");
            case "keys.frozen" -> lines.add("until when: ./firebreak keys list");
            default -> {
                if (status == 503) {
                    String seconds = problem.path("retry_after").asString("");
                    lines.add("it is busy or its database is away; try again"
                            + (seconds.isEmpty() ? "" : " in " + seconds + " s"));
                }
            }
        }
        return lines;
    }
}
