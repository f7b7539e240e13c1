package dev.firebreak.starter.token;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.token.Fetched.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The token of one target, and the one flight at most that fetches its successor. Reading it takes no lock. Thread-safe. */
final class HeldToken {
    private static final Logger LOG = LoggerFactory.getLogger(HeldToken.class);

    /** A token just made is not asked for again, whatever is wrong with it: the next one would be no better. */
    private static final Duration BRAND_NEW = Duration.ofSeconds(10);

    private final TokenTarget target;
    private final Supplier<Fetched> fetch;
    private final RenewalSchedule schedule;
    private final TokenCounters counters;
    private final InstantSource clock;

    private volatile @Nullable ServiceToken token;
    private volatile Instant lastAsked;

    private @Nullable CompletableFuture<ServiceToken> flight;
    private Instant renewAt = Instant.MAX;
    private Instant nextTryAt = Instant.MIN;
    private int failures;

    HeldToken(
            TokenTarget target,
            Supplier<Fetched> fetch,
            RenewalSchedule schedule,
            TokenCounters counters,
            InstantSource clock) {
        this.target = target;
        this.fetch = fetch;
        this.schedule = schedule;
        this.counters = counters;
        this.clock = clock;
        this.lastAsked = clock.instant();
    }

    /** The token that is held, if it is good for so long. */
    Optional<ServiceToken> validFor(Duration leastLife) {
        Instant now = clock.instant();
        lastAsked = now;
        ServiceToken held = token;
        return held != null && held.isValidFor(leastLife, now) ? Optional.of(held) : Optional.empty();
    }

    /** The same, or the next one when it comes; fails at once while a failure is followed by a pause. */
    synchronized CompletableFuture<ServiceToken> next(Duration leastLife) {
        Instant now = clock.instant();
        ServiceToken held = token;
        if (held != null && held.isValidFor(leastLife, now)) {
            return CompletableFuture.completedFuture(held);
        }
        if (flight != null) {
            return flight;
        }
        if (now.isBefore(nextTryAt)) {
            return CompletableFuture.failedFuture(none(Duration.between(now, nextTryAt), null));
        }
        if (held != null && held.age(now).compareTo(BRAND_NEW) < 0) {
            return CompletableFuture.failedFuture(none(BRAND_NEW, null));
        }
        return start();
    }

    /** Renews if it is time, in the background. A token that nobody has asked for in its whole life is let go. */
    synchronized void renewIfDue() {
        Instant now = clock.instant();
        ServiceToken held = token;
        if (held == null || flight != null || now.isBefore(renewAt) || now.isBefore(nextTryAt)) {
            return;
        }
        if (lastAsked.plus(held.life()).isAfter(now)) {
            start();
        }
    }

    /**
     * The other side did not take this token, perhaps because its signing key was revoked: it is renewed now. It is not thrown
     * away, because the other side may be wrong and the authorization server absent.
     */
    synchronized void suspect(ServiceToken refused) {
        Instant now = clock.instant();
        if (refused.equals(token) && refused.age(now).compareTo(BRAND_NEW) >= 0) {
            renewAt = now;
            renewIfDue();
        }
    }

    /** Seconds since the token was obtained; {@code NaN} while there is none. */
    double ageSeconds() {
        ServiceToken held = token;
        return held == null ? Double.NaN : held.age(clock.instant()).toMillis() / 1000.0;
    }

    /** On a thread of its own: those who wait have deadlines of their own, and the token is for everybody. */
    private CompletableFuture<ServiceToken> start() {
        CompletableFuture<ServiceToken> started = new CompletableFuture<>();
        flight = started;
        Thread.ofVirtual().name("service-token").start(() -> fly(started));
        return started;
    }

    private void fly(CompletableFuture<ServiceToken> landing) {
        Fetched fetched;
        try {
            fetched = fetch.get();
        } catch (RuntimeException | Error e) {
            // A bug; those who wait must hear of it all the same.
            fetched = new Fetched.Failed(Outcome.UNUSABLE, Optional.empty(), "a failure of our own", e);
        }
        switch (fetched) {
            case Fetched.Got got -> {
                counters.ended(Outcome.RENEWED);
                landed(got.token());
                landing.complete(got.token());
            }
            case Fetched.Failed failed -> {
                counters.ended(failed.outcome());
                Duration pause = failed(failed);
                log(failed, pause);
                landing.completeExceptionally(none(pause, failed.cause()));
            }
        }
    }

    private synchronized void landed(ServiceToken fresh) {
        token = fresh;
        renewAt = schedule.renewAt(fresh);
        nextTryAt = Instant.MIN;
        failures = 0;
        flight = null;
    }

    private synchronized Duration failed(Fetched.Failed failed) {
        failures++;
        Duration pause = schedule.backoff(failures, failed.retryAfter());
        nextTryAt = clock.instant().plus(pause);
        flight = null;
        return pause;
    }

    private void log(Fetched.Failed failed, Duration pause) {
        ServiceToken held = token;
        String left = held == null ? "there is none" : "the one that is held ends at " + held.expiresAt();
        var line = failed.outcome() == Outcome.UNAVAILABLE ? LOG.atWarn() : LOG.atError();
        Throwable cause = failed.cause();
        line.addKeyValue("audience", target.audience())
                .log(
                        "No new token for {} ({}): {}{}; {}; next try in {} ms",
                        target.audience(),
                        failed.outcome(),
                        failed.why(),
                        cause == null ? "" : " (" + cause + ")",
                        left,
                        pause.toMillis());
    }

    static ServiceException none(Duration retryAfter, @Nullable Throwable cause) {
        String detail = "This service cannot prove itself to another one at the moment.";
        return cause == null
                ? new ServiceException(AuthError.UNAVAILABLE, detail, retryAfter)
                : new ServiceException(AuthError.UNAVAILABLE, detail, retryAfter, cause);
    }
}
