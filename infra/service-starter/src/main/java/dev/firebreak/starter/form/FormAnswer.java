package dev.firebreak.starter.form;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What came back. Its text form shows the status alone, because the body may be a token.
 *
 * @param status HTTP status code
 * @param retryAfter how long the other side asks us to wait
 * @param body a missing node where it was no JSON object
 */
public record FormAnswer(int status, Optional<Duration> retryAfter, JsonNode body) {
    /** What our own error codes and those of RFC 6749 look like; anything else may be anything. */
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9._-]{0,59}");

    /** The text of a member; absent if there is none or it is empty. */
    public Optional<String> text(String member) {
        return Optional.of(body.path(member).asString("")).filter(text -> !text.isEmpty());
    }

    /** A member that is one word, good for a log or a label; absent if it is anything else. */
    public Optional<String> word(String member) {
        return text(member).filter(text -> WORD.matcher(text).matches());
    }

    /** A duration in whole seconds, if the member is a positive number of them, a day at most. */
    public Optional<Duration> seconds(String member) {
        JsonNode node = body.path(member);
        long seconds = node.isNumber() ? node.asLong(0) : 0;
        return seconds > 0 ? Optional.of(Duration.ofSeconds(Math.min(seconds, 86_400))) : Optional.empty();
    }

    @Override
    public String toString() {
        return "FormAnswer[status=" + status + "]";
    }
}
