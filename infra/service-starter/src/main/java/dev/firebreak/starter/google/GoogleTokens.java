package dev.firebreak.starter.google;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.vault.GoogleService;
import dev.firebreak.starter.google.GoogleAnswer.Valid;
import dev.firebreak.starter.google.VaultCounters.Lookup;
import dev.firebreak.starter.overload.Deadlines;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Users' Google tokens. One that is held and good for long enough is given from memory; else the vault is asked, by one call
 * however many need it, and no longer than the caller's deadline allows. Every outcome is a value. Never call it in a
 * transaction. Thread-safe.
 */
public final class GoogleTokens {
    /** For one call to Google and clocks that differ. */
    public static final Duration LEAST_LIFE = Duration.ofSeconds(60);

    /** Google's tokens live an hour; who wants more gets none. */
    private static final Duration MOST_LEAST_LIFE = Duration.ofMinutes(50);
    /** Outside a request: as long as the call of whoever asked first may take with its retries. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
    /** How often somebody else's call may come to nothing before we do, too. */
    private static final int MOST_ROUNDS = 3;

    private final VaultClient vault;
    private final HeldGoogleTokens held;
    private final VaultCounters counters;
    private final InstantSource clock;
    /** As many as threads ask at this moment, which the limit of requests in flight bounds. Empty: it says nothing to others. */
    private final Map<Question, CompletableFuture<Optional<GoogleAnswer>>> flights = new ConcurrentHashMap<>();

    GoogleTokens(VaultClient vault, HeldGoogleTokens held, VaultCounters counters, InstantSource clock) {
        this.vault = vault;
        this.held = held;
        this.counters = counters;
        this.clock = clock;
    }

    /** A token of the user's only or first account, good for one call. */
    public GoogleAnswer fetch(VaultUser user, GoogleService service) {
        return fetch(user, service, LEAST_LIFE, null);
    }

    /**
     * A token that is good for so long, at least.
     *
     * @param leastLife at most 50 minutes
     * @param account Google's {@code sub}, for a user with several accounts
     */
    public GoogleAnswer fetch(VaultUser user, GoogleService service, Duration leastLife, @Nullable String account) {
        if (leastLife.isNegative() || leastLife.compareTo(MOST_LEAST_LIFE) > 0) {
            throw new IllegalArgumentException("A token can be asked for 0 to 50 minutes, not for " + leastLife);
        }
        if (!user.mayAsk()) {
            return new GoogleAnswer.NotAllowed();
        }
        return fetch(new Question(user.id(), user.isPresent(), service, account), user, leastLife);
    }

    /**
     * Holds nothing of this user's any more, nor what is being asked for at this moment: after Google refused a token, and when
     * a connection has changed.
     */
    public void forget(UUID userId) {
        // In this order: what lands in between is held no more, or is forgotten below.
        flights.keySet().removeIf(question -> question.userId().equals(userId));
        held.forget(userId);
    }

    private GoogleAnswer fetch(Question question, VaultUser user, Duration leastLife) {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Optional<Valid> token = held.find(question, leastLife);
            if (token.isPresent()) {
                counters.looked(Lookup.HIT);
                return token.get();
            }
            CompletableFuture<Optional<GoogleAnswer>> mine = new CompletableFuture<>();
            CompletableFuture<Optional<GoogleAnswer>> theirs = flights.putIfAbsent(question, mine);
            if (theirs == null) {
                return lead(question, user, leastLife, mine);
            }
            Optional<GoogleAnswer> answer = follow(theirs);
            if (answer.isPresent() && suits(answer.get(), leastLife)) {
                counters.looked(Lookup.JOINED);
                return answer.get();
            }
        }
        counters.looked(Lookup.JOINED);
        return VaultClient.unavailable();
    }

    /** Asks on this thread, with its deadline and trace. */
    private GoogleAnswer lead(
            Question question, VaultUser user, Duration leastLife, CompletableFuture<Optional<GoogleAnswer>> mine) {
        try {
            // The one before us may have landed after we looked.
            Optional<Valid> token = held.find(question, leastLife);
            counters.looked(token.isPresent() ? Lookup.HIT : Lookup.MISS);
            GoogleAnswer answer = token.isPresent() ? token.get() : vault.ask(question, user, leastLife);
            land(question, answer, mine);
            mine.complete(Optional.of(answer));
            return answer;
        } catch (ServiceException e) {
            // Perhaps only our own time was up. Those who have some left ask for themselves, again one of them.
            return VaultClient.unavailable(e);
        } finally {
            flights.remove(question, mine);
            mine.complete(Optional.empty());
        }
    }

    /** In one step, so that nobody asks between the end of the flight and the token; forgotten if it was told to be. */
    private void land(Question question, GoogleAnswer answer, CompletableFuture<Optional<GoogleAnswer>> mine) {
        flights.computeIfPresent(question, (_, current) -> {
            if (current == mine && answer instanceof Valid valid) {
                held.hold(question, valid);
            }
            return current == mine ? null : current;
        });
    }

    private Optional<GoogleAnswer> follow(CompletableFuture<Optional<GoogleAnswer>> flight) {
        Duration wait = Deadlines.current()
                .map(deadline -> deadline.left(clock.instant()))
                .filter(left -> left.compareTo(LONGEST_WAIT) < 0)
                .orElse(LONGEST_WAIT);
        try {
            return flight.get(wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Optional.of(VaultClient.unavailable());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(VaultClient.unavailable());
        } catch (ExecutionException e) {
            throw new IllegalStateException("A flight never ends so", e);
        }
    }

    /** Somebody who needed it for less time may have got one that ends too soon. */
    private boolean suits(GoogleAnswer answer, Duration leastLife) {
        return !(answer instanceof Valid valid) || valid.isValidFor(leastLife, clock.instant());
    }
}
