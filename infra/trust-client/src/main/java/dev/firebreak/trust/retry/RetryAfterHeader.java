package dev.firebreak.trust.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110, 10.2.3): whole seconds, or a point in time. */
public final class RetryAfterHeader {
    /** Longer means the same to whoever waits: not now. Keeps the arithmetic far from its limits. */
    private static final Duration MAX = Duration.ofDays(1);
    /** A day has 86,400 s; more digits are longer than that whatever they say. */
    private static final int MAX_DIGITS = 8;
    /** The longest date is 33 characters; a longer value is not worth parsing. */
    private static final int MAX_LENGTH = 40;

    /** All three forms, the obsolete ones too, because a recipient must read them (RFC 9110, 5.6.7). All are UTC. */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH));

    private RetryAfterHeader() {}

    /** How long to wait from now on, zero to a day; absent if there is no header or it says nothing that can be read. */
    public static Optional<Duration> parse(@Nullable String value, Instant now) {
        if (value == null) {
            return Optional.empty();
        }
        String text = value.strip();
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.of(text.length() > MAX_DIGITS ? MAX : clamp(Duration.ofSeconds(Long.parseLong(text))));
        }
        return date(text).map(at -> clamp(Duration.between(now, at)));
    }

    private static Optional<Instant> date(String text) {
        for (DateTimeFormatter form : DATES) {
            try {
                return Optional.of(LocalDateTime.parse(text, form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeParseException e) {
                // One of the others may fit.
                continue;
            }
        }
        return Optional.empty();
    }

    private static Duration clamp(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
