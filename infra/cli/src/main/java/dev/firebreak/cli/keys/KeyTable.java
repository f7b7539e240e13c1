package dev.firebreak.cli.keys;

import dev.firebreak.cli.keys.Lines.Row;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Keys, what happens to each next, the schedule, and the verifiers with what they lack. */
public record KeyTable(ZoneId zone) {
    private static final int LONGEST_KID = 16;
    private static final int LONGEST_VERIFIER = 36;

    private static final Map<String, String> STEPS = Map.of(
            "prepare", "is prepared",
            "publish", "is published",
            "activate", "activates",
            "retire", "retires",
            "forget", "is forgotten");

    /**
     * @param document {@code GET keys}
     * @param clock now, if the document does not say
     */
    public List<String> lines(JsonNode document, Instant clock) {
        Times times = new Times(Times.instant(document, "now").orElse(clock), zone);
        List<String> lines = new ArrayList<>(keys(document.path("keys"), times));
        lines.add("");
        lines.addAll(schedule(document.path("schedule"), times));
        lines.add("");
        lines.addAll(verifiers(document, times));
        return lines;
    }

    /** @param document {@code GET refresh-keys} */
    public List<String> refreshKeys(JsonNode document, Instant clock) {
        Times times = new Times(Times.instant(document, "now").orElse(clock), zone);
        KeyNames names = KeyNames.of(document.path("keys"));
        List<Row> rows = new ArrayList<>(List.of(Row.of("KEY", "STATE", "AGE", "NOTE")));
        for (JsonNode key : document.path("keys")) {
            List<String> notes = new ArrayList<>();
            Times.instant(key, "made_until").ifPresent(until -> notes.add("made tokens until " + times.date(until)));
            waits(key).ifPresent(notes::add);
            rows.add(new Row(
                    List.of(names.shortOf(KeyNames.id(key)), Lines.text(key, "state"), age(key, times)),
                    notes.isEmpty() ? List.of("-") : notes));
        }
        return Lines.table(LONGEST_KID, rows);
    }

    /** Keys of a ring that has nothing but ids and states. */
    public static List<String> ring(JsonNode document) {
        List<Row> rows = new ArrayList<>(List.of(Row.of("KEY", "STATE")));
        document.path("keys").forEach(key -> rows.add(Row.of(KeyNames.id(key), Lines.text(key, "state"))));
        return Lines.table(LONGEST_KID, rows);
    }

    private static List<String> keys(JsonNode keys, Times times) {
        if (keys.isEmpty()) {
            return List.of("There is no key.");
        }
        KeyNames names = KeyNames.of(keys);
        List<Row> rows = new ArrayList<>(List.of(Row.of("KEY", "STATE", "ALG", "AGE", "NEXT")));
        for (JsonNode key : keys) {
            rows.add(new Row(
                    List.of(
                            names.shortOf(KeyNames.id(key)),
                            Lines.text(key, "state"),
                            Lines.text(key, "algorithm"),
                            age(key, times)),
                    next(key, times)));
        }
        return Lines.table(LONGEST_KID, rows);
    }

    private static String age(JsonNode key, Times times) {
        return Times.instant(key, "created_at").map(times::since).orElse("-");
    }

    private static List<String> next(JsonNode key, Times times) {
        JsonNode next = key.path("next");
        String step = Lines.text(next, "step");
        if (step.isEmpty()) {
            return List.of(last(key, times));
        }
        List<String> lines = new ArrayList<>();
        String verb = STEPS.getOrDefault(step, step);
        Optional<Instant> at = Times.instant(next, "at");
        Optional<String> waits = waits(next);
        boolean due = at.isEmpty() || !at.get().isAfter(times.now());
        if (!due) {
            lines.add(verb + " " + times.until(at.get()));
        } else if (waits.isEmpty()) {
            String why = Lines.text(next, "why");
            lines.add(at.isPresent() || why.isEmpty() ? verb + " now" : verb + " later: " + why);
        } else {
            lines.add(verb + " when nobody lacks it");
        }
        waits.ifPresent(lines::add);
        return lines;
    }

    private static Optional<String> waits(JsonNode next) {
        List<String> verifiers = Lines.texts(next.path("waits_for"));
        return verifiers.isEmpty() ? Optional.empty() : Optional.of("waits for " + String.join(", ", verifiers));
    }

    private static String last(JsonNode key, Times times) {
        return Times.instant(key, "revoked_at")
                .map(at -> "revoked " + times.since(at) + " ago")
                .or(() -> Times.instant(key, "retired_at").map(at -> "retired " + times.since(at) + " ago"))
                .orElse("-");
    }

    private static List<String> schedule(JsonNode schedule, Times times) {
        String every =
                Times.words(Duration.ofSeconds(schedule.path("rotate_every_s").asLong(0)));
        String ahead =
                Times.words(Duration.ofSeconds(schedule.path("publish_ahead_s").asLong(0)));
        String next = Times.instant(schedule, "next_rotation_at")
                .map(at -> ", next rotation " + times.until(at) + " (" + times.date(at) + ")")
                .orElse("");
        List<String> lines = new ArrayList<>(Lines.wrapped(
                "", "Schedule: a new key every " + every + ", published " + ahead + " ahead" + next + "."));
        if (schedule.path("frozen").asBoolean(false)) {
            lines.add("FROZEN: no step is taken by itself.");
        }
        for (JsonNode freeze : schedule.path("freezes")) {
            String from = Times.instant(freeze, "from").map(times::date).orElse("?");
            String to = Times.instant(freeze, "to").map(times::date).orElse("?");
            lines.addAll(Lines.wrapped("", "Freeze " + from + " to " + to + ": " + Lines.text(freeze, "reason")));
        }
        return lines;
    }

    private static List<String> verifiers(JsonNode document, Times times) {
        if (document.path("verifiers").isEmpty()) {
            return List.of("No verifier has asked for the keys yet.");
        }
        long version = document.path("version").asLong(0);
        List<Row> rows = new ArrayList<>(List.of(Row.of("VERIFIER", "HAS", "SEEN", "VERSION " + version)));
        for (JsonNode verifier : document.path("verifiers")) {
            String seen = Times.instant(verifier, "seen_at")
                    .map(at -> times.since(at) + " ago")
                    .orElse("never");
            JsonNode has = verifier.path("keys_version");
            rows.add(Row.of(
                    Lines.text(verifier, "client") + "/" + Lines.text(verifier, "instance"),
                    has.isNumber() ? has.asString() : "-",
                    seen,
                    verdict(verifier)));
        }
        return Lines.table(LONGEST_VERIFIER, rows);
    }

    private static String verdict(JsonNode verifier) {
        if (!verifier.path("live").asBoolean(true)) {
            return "away, nobody waits for it";
        }
        return verifier.path("current").asBoolean(false) ? "has it" : "LACKS IT";
    }
}
