package dev.firebreak.starter.token;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What came of one question to the token endpoint. */
sealed interface Fetched {
    /** A token. */
    record Got(ServiceToken token) implements Fetched {}

    /**
     * None.
     *
     * @param why for the log, without secrets
     */
    record Failed(
            Outcome outcome,
            Optional<Duration> retryAfter,
            String why,
            @Nullable Throwable cause) implements Fetched {}

    /** How it ended, as the metric says. */
    enum Outcome {
        /** A token. */
        RENEWED,
        /** Nobody answered, or it was busy. */
        UNAVAILABLE,
        /** It does not give this client such a token: its key, grant or scopes are not what the client's file says. */
        REFUSED,
        /** An answer that makes no sense. */
        UNUSABLE
    }
}
