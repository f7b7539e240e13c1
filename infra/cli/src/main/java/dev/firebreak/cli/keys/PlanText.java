package dev.firebreak.cli.keys;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What is due, from now on downwards. */
public record PlanText(ZoneId zone) {
    private static final String LEFT = "%-16s  %s";

    /** Left of what is written beside the line. */
    private static final int MARGIN = 21;

    /**
     * @param plan {@code GET keys/plan}
     * @param list {@code GET keys}: ids are short, and must differ from those of keys that nothing is planned for
     */
    public List<String> lines(JsonNode plan, JsonNode list, Instant now) {
        Times times = new Times(now, zone);
        KeyNames names = KeyNames.of(list.path("keys"));
        List<String> lines = new ArrayList<>();
        lines.add(LEFT.formatted(times.date(now), "|  now"));
        for (JsonNode step : plan.path("steps")) {
            lines.addAll(step(step, names, times));
        }
        if (plan.path("steps").isEmpty()) {
            lines.add(LEFT.formatted("", "|  nothing is due"));
        }
        lines.add("");
        lines.addAll(dying(plan.path("dying_tokens")));
        return lines;
    }

    private static List<String> step(JsonNode step, KeyNames names, Times times) {
        Optional<Instant> at = Times.instant(step, "at");
        String kid = names.shortOf(KeyNames.id(step));
        List<String> beside = new ArrayList<>(Lines.wrap(
                Lines.WIDTH - MARGIN, Lines.text(step, "step") + "  " + (kid.isEmpty() ? "a new key" : kid)));
        beside.addAll(Lines.wrap(Lines.WIDTH - MARGIN, Lines.text(step, "why")));
        List<String> waits = Lines.texts(step.path("waits_for"));
        if (!waits.isEmpty()) {
            beside.addAll(Lines.wrap(Lines.WIDTH - MARGIN, "waits for " + String.join(", ", waits)));
        }
        List<String> left =
                at.isPresent() ? List.of(times.until(at.get()), times.date(at.get())) : List.of("when ready");
        List<String> lines = new ArrayList<>();
        lines.add(LEFT.formatted("", "|"));
        for (int i = 0; i < Math.max(left.size(), beside.size()); i++) {
            String mark = i == 0 ? "*  " : "|  ";
            String text = mark + (i < beside.size() ? beside.get(i) : "");
            lines.add(LEFT.formatted(i < left.size() ? left.get(i) : "", text).stripTrailing());
        }
        return lines;
    }

    private static List<String> dying(JsonNode tokens) {
        return Lines.wrapped(
                "",
                String.format(
                        Locale.ROOT,
                        "An emergency rotation now would end the tokens of about %,d sessions; they are renewed.",
                        tokens.path("about").asLong(0)));
    }
}
