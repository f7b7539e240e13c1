package dev.firebreak.cli.logs;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of one part's log.
 *
 * @param at when it was written; a line without a time, in a stack trace for instance, has that of the line before
 */
public record LogLine(String part, Instant at, String text) {
    /** As Spring Boot, PostgreSQL and ECS JSON write it. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})[T ](\\d{2}:\\d{2}:\\d{2}[.,]\\d{3,9})(Z|[+-]\\d{2}:\\d{2}| UTC)?");

    /** A time further to the right belongs to the message. */
    private static final int NEAR_THE_BEGINNING = 60;

    static Optional<Instant> time(String text) {
        Matcher time = TIME.matcher(text.substring(0, Math.min(text.length(), NEAR_THE_BEGINNING)));
        if (!time.find()) {
            return Optional.empty();
        }
        String local = time.group(1) + "T" + time.group(2).replace(',', '.');
        String zone = time.group(3);
        try {
            return Optional.of(
                    zone == null || zone.endsWith("UTC")
                            ? LocalDateTime.parse(local).toInstant(ZoneOffset.UTC)
                            : OffsetDateTime.parse(local + zone).toInstant());
        } catch (DateTimeParseException notATime) {
            return Optional.empty();
        }
    }
}
