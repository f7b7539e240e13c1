package dev.firebreak.trust.retry;

import java.io.IOException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;

/**
 * Decides whether a failed call to one upstream is made again, and when. Thread-safe if {@code random} is.
 *
 * <p>An answer binds the call that got it and no other: further calls go out although one was told to wait. A shed answer
 * is about one lane of one node at one moment, so silence towards the whole upstream would turn it into an outage of our
 * own making, and end for all callers at once; first calls are what the upstream's admission is built to refuse cheaply,
 * and what retries add to them is bounded by the budget.
 */
public final class RetryRules {
    /** A third failure in a row is no accident any more. */
    static final int MOST_RETRIES = 2;
    /** Where nobody said how long: about the time in which a listener or a connection comes back. */
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);

    private static final Duration MAX_BACKOFF = Duration.ofSeconds(2);
    /** What was asked for is never undercut; but it is in whole seconds, which gather callers at one instant. */
    private static final Duration LEAST_SPREAD = Duration.ofMillis(500);
    /** A retry with less time than this would be one more request and no answer. */
    private static final Duration LEAST_TO_ANSWER = Duration.ofMillis(100);

    /** RFC 9110, 9.2.2, without TRACE and CONNECT, which nobody here uses. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS");

    /** Why a call is not made again. */
    public enum Denial {
        /** It might be done twice. */
        METHOD,
        /** It was made as often as any is. */
        ATTEMPTS,
        /** Whoever waits for the answer would have gone. */
        DEADLINE,
        /** Retries are a tenth of all calls already. */
        BUDGET
    }

    /** What to do with a failed call. */
    public sealed interface Decision {
        /** Make it again after this time. */
        record Retry(Duration after) implements Decision {}

        /** Take the failure as the result. */
        record GiveUp(Denial reason) implements Decision {}
    }

    private final RetryBudget budget;
    private final RandomGenerator random;

    public RetryRules(RetryBudget budget, RandomGenerator random) {
        this.budget = budget;
        this.random = random;
    }

    /** A call begins; to be said once a call, whatever becomes of it. */
    public void callBegins() {
        budget.earn();
    }

    /**
     * Decides on a failure that may pass, and takes from the budget if the answer is yes.
     *
     * @param retries how often this call was made again already
     * @param repeatable whether twice does the same as once
     * @param asked what {@code Retry-After} said
     * @param left time until the caller stops waiting
     */
    public Decision onFailure(int retries, boolean repeatable, Optional<Duration> asked, Duration left) {
        if (!repeatable) {
            return new Decision.GiveUp(Denial.METHOD);
        }
        if (retries >= MOST_RETRIES) {
            return new Decision.GiveUp(Denial.ATTEMPTS);
        }
        Duration wait = asked.map(this::obeying).orElseGet(() -> backoff(retries));
        if (wait.plus(LEAST_TO_ANSWER).compareTo(left) > 0) {
            return new Decision.GiveUp(Denial.DEADLINE);
        }
        return budget.tryTake() ? new Decision.Retry(wait) : new Decision.GiveUp(Denial.BUDGET);
    }

    /** Whether the method alone says that twice does the same as once (RFC 9110, 9.2.2). */
    public static boolean isIdempotent(String method) {
        return IDEMPOTENT.contains(method);
    }

    /** Whether the answer means "not now": unavailable, or too many requests. */
    public static boolean isBusy(int status) {
        return status == 503 || status == 429;
    }

    /**
     * Whether there was no connection, or it broke. A time-out of the answer is not such: the server is at work, and asking
     * again would double it. Nor is a certificate that does not fit, which time will not mend.
     */
    public static boolean isConnectionFailure(IOException failure) {
        return failure instanceof HttpConnectTimeoutException
                || !(failure instanceof HttpTimeoutException || failure instanceof SSLException);
    }

    /** At least what was asked for, and up to half as much again. */
    private Duration obeying(Duration asked) {
        Duration half = asked.dividedBy(2);
        return asked.plus(upTo(half.compareTo(LEAST_SPREAD) > 0 ? half : LEAST_SPREAD));
    }

    /** Anywhere below a ceiling that doubles: "full jitter", which spreads a herd best. */
    private Duration backoff(int retries) {
        Duration ceiling = FIRST_BACKOFF.multipliedBy(1L << retries);
        return upTo(ceiling.compareTo(MAX_BACKOFF) < 0 ? ceiling : MAX_BACKOFF);
    }

    private Duration upTo(Duration most) {
        return Duration.ofNanos(random.nextLong(most.toNanos() + 1));
    }
}
