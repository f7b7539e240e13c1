package dev.firebreak.trust;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of a JSON object that an attacker may have written. A missing or mistyped member sets {@link #broken}
 * and yields a harmless value: no exception, because garbage must stay cheap. Not for several threads.
 */
final class Members {
    /** 9999-12-31T23:59:59Z; what lies beyond is nonsense and would overflow the arithmetic on times. */
    private static final double LAST_SECOND = 253_402_300_799d;

    private final Map<String, Object> members;
    private boolean broken;

    private Members(Map<String, Object> members) {
        this.members = members;
    }

    /** Reads an object; {@link ParseException} for anything else. Its text may hold parts of {@code json}. */
    static Members parse(String json) throws ParseException {
        return new Members(object(json));
    }

    /** As {@link #parse}, untyped. */
    static Map<String, Object> object(String json) throws ParseException {
        Map<String, Object> members = JSONObjectUtils.parse(json);
        // The library answers null for the text "null".
        if (members == null) {
            throw new ParseException("Not an object", 0);
        }
        return members;
    }

    boolean broken() {
        return broken;
    }

    boolean has(String name) {
        return members.containsKey(name);
    }

    String requireText(String name) {
        String text = text(name);
        return text == null ? fail("") : text;
    }

    @Nullable
    String text(String name) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        return value instanceof String text && !text.isEmpty() ? text : fail(null);
    }

    Instant requireTime(String name) {
        Instant time = time(name);
        return time == null ? fail(Instant.EPOCH) : time;
    }

    /** NumericDate (RFC 7519, 2): seconds since the epoch, a fraction is allowed and dropped. */
    @Nullable
    Instant time(String name) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            double seconds = number.doubleValue();
            if (seconds >= 0 && seconds <= LAST_SECOND) {
                return Instant.ofEpochSecond(number.longValue());
            }
        }
        return fail(null);
    }

    /** An array of strings; absent is empty. */
    List<String> texts(String name) {
        Object value = members.get(name);
        if (value == null) {
            return List.of();
        }
        return value instanceof List<?> list ? strings(list) : fail(List.of());
    }

    /** {@code aud}: one string or an array of strings (RFC 7519, 4.1.3). */
    List<String> textOrTexts(String name) {
        return members.get(name) instanceof String text ? List.of(text) : texts(name);
    }

    /** A string member of an object member; absent if either is. */
    @Nullable
    String textIn(String name, String inner) {
        Object value = members.get(name);
        if (value == null) {
            return null;
        }
        Object member = value instanceof Map<?, ?> object ? object.get(inner) : fail(null);
        if (member == null) {
            return null;
        }
        return member instanceof String text && !text.isEmpty() ? text : fail(null);
    }

    private List<String> strings(List<?> list) {
        List<String> strings = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof String text)) {
                return fail(List.of());
            }
            strings.add(text);
        }
        return strings;
    }

    private <T extends @Nullable Object> T fail(T harmless) {
        broken = true;
        return harmless;
    }
}
