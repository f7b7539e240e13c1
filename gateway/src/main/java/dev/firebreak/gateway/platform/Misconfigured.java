package dev.firebreak.gateway.platform;

import org.jspecify.annotations.Nullable;

/** The configuration cannot be used. The message is the one sentence that the operator sees; it names the key. */
public final class Misconfigured extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public Misconfigured(String sentence) {
        super(sentence);
    }

    public Misconfigured(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The value, or a failure that says which key is missing and what belongs there. */
    static <T> T required(String key, String meaning, @Nullable T value) {
        if (value == null || value.toString().isBlank()) {
            throw new Misconfigured(key + " is missing: " + meaning);
        }
        return value;
    }

    /** Stops the start unless {@code holds}. */
    static void unless(boolean holds, String sentence) {
        if (!holds) {
            throw new Misconfigured(sentence);
        }
    }
}
