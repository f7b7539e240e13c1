package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What the page does when it is told {@code session.renewing}: waits for as long as it was told and asks again, which is
 * no failure (contracts, "Browser session"). Off until a drill is about that: elsewhere the first answer counts.
 * Thread-safe.
 */
final class ComeBack {
    /** No new attempt after this; {@code Retry-After} is at most 10 s. */
    static final Duration LONGEST = Duration.ofSeconds(20);

    static final Consumer<Duration> SLEEP = wait -> LockSupport.parkNanos(wait.toNanos());

    private static final Pattern RENEWING = Pattern.compile("\"code\"\\s*:\\s*\"session\\.renewing\"");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,4}");

    private final Consumer<Duration> pause;
    private final LongAdder told = new LongAdder();
    private volatile boolean on;

    ComeBack(Consumer<Duration> pause) {
        this.pause = pause;
    }

    /** Sends a request anew, with the cookies of then. */
    @FunctionalInterface
    interface Call {
        Answer send() throws IOException;
    }

    void obeys(boolean obeys) {
        told.reset();
        on = obeys;
    }

    boolean isOn() {
        return on;
    }

    /** Calls that were told to come back at least once. */
    int told() {
        return told.intValue();
    }

    /** The last answer: one of another kind, unless the gateway says the same for too long. */
    Answer obey(Call call) throws IOException {
        Answer answer = call.send();
        if (!on || !isRenewing(answer)) {
            return answer;
        }
        told.increment();
        Duration waited = Duration.ZERO;
        while (isRenewing(answer)) {
            Duration wait = retryAfter(answer);
            waited = waited.plus(wait);
            if (waited.compareTo(LONGEST) > 0) {
                return answer;
            }
            pause.accept(wait);
            answer = call.send();
        }
        return answer;
    }

    /** One without the header breaks the contract and is no reason to come back. */
    private static boolean isRenewing(Answer answer) {
        return answer.status() == 503
                && answer.header("retry-after")
                        .filter(value -> SECONDS.matcher(value).matches())
                        .isPresent()
                && RENEWING.matcher(answer.text()).find();
    }

    /** Zero would be asked for ever. */
    static Duration retryAfter(Answer answer) {
        long seconds = answer.header("retry-after")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(Long::parseLong)
                .orElse(1L);
        return Duration.ofSeconds(Math.max(1, seconds));
    }
}
