package dev.firebreak.cli.keys;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Instants and durations in words, by one moment that counts as now. */
record Times(Instant now, ZoneId zone) {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    /** Empty when the member is absent, null or no instant. */
    static Optional<Instant> instant(JsonNode object, String member) {
        try {
            String text = object.path(member).asString("");
            return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    String date(Instant at) {
        return DATE.format(at.atZone(zone));
    }

    /** {@code in 23 h}, or {@code now} for what has passed. */
    String until(Instant at) {
        return at.isAfter(now) ? "in " + words(Duration.between(now, at)) : "now";
    }

    /** {@code 23 h} since then. */
    String since(Instant at) {
        return words(Duration.between(at, now));
    }

    /** In the largest unit of which there are two at least, rounded down; nothing below zero. */
    static String words(Duration time) {
        if (time.isNegative()) {
            return "0 s";
        }
        if (time.toDays() >= 2) {
            return time.toDays() + " d";
        }
        if (time.toHours() >= 2) {
            return time.toHours() + " h";
        }
        return time.toMinutes() >= 2 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    /** For machines' reaction times: {@code 812 ms}, from 10 s on {@code 12.3 s}. */
    static String millis(long ms) {
        return ms < 10_000 ? ms + " ms" : String.format(Locale.ROOT, "%.1f s", ms / 1e3);
    }
}
