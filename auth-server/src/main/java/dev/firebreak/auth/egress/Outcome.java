package dev.firebreak.auth.egress;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a call. */
public sealed interface Outcome {
    /**
     * An answer, whatever it says.
     *
     * @param status HTTP status
     * @param retryAfter what the header of that name asks for; absent without one, or if it names a date
     */
    record Answered(int status, @Nullable Duration retryAfter) implements Outcome {}

    /**
     * No answer.
     *
     * @param why in words of ours, without anything that the other side said
     */
    record Failed(String why) implements Outcome {}
}
