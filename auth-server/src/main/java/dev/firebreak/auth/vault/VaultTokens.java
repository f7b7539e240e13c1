package dev.firebreak.auth.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.firebreak.auth.vault.TokenRepository.Row;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.PoolError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.VaultError;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import dev.firebreak.starter.overload.Deadlines;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives Google tokens that live long enough. From this node's memory: no statement, no lock, no write. Else out of the row,
 * or by a renewal, of which there is one over all nodes; callers on a node wait for one answer together, and never with a
 * connection in hand. While Google or the database is away, what is still good is given.
 */
final class VaultTokens {
    private static final Logger LOG = LoggerFactory.getLogger(VaultTokens.class);
    /** Callers of this node that wait at once. A virtual thread each, and none holds a connection. */
    private static final int MOST_WAITING = 1_000;
    /** Between two looks at a row that another node renews. */
    private static final int LOOK_MILLIS = 50;
    /** A fresh token may still live too short for whoever joined late: they ask once more. */
    private static final int ROUNDS = 3;

    private final TokenRepository rows;
    private final Renewer renewer;
    private final TokenSeal seal;
    private final TokenCache cache;
    private final LastUse lastUse;
    private final VaultProperties properties;
    private final String node;
    private final InstantSource clock;
    private final VaultMetrics metrics;
    private final ConcurrentMap<Wish.Key, CompletableFuture<HeldToken>> flights = new ConcurrentHashMap<>();
    private final Semaphore places = new Semaphore(MOST_WAITING);

    /** Until when there is no sense in asking Google for a row again. */
    private final Cache<UUID, Instant> pauses =
            Caffeine.newBuilder().maximumSize(20_000).build();

    VaultTokens(
            TokenRepository rows,
            Renewer renewer,
            TokenSeal seal,
            TokenCache cache,
            LastUse lastUse,
            VaultProperties properties,
            String node,
            InstantSource clock,
            VaultMetrics metrics,
            MeterRegistry registry) {
        this.rows = rows;
        this.renewer = renewer;
        this.seal = seal;
        this.cache = cache;
        this.lastUse = lastUse;
        this.properties = properties;
        this.node = node;
        this.clock = clock;
        this.metrics = metrics;
        VaultMetrics.waiting(registry, places, MOST_WAITING);
    }

    /**
     * A token that lives as long as wished.
     *
     * @throws ServiceException a code of {@link VaultError}, or what is wrong with our own database or keys
     */
    HeldToken give(Wish wish) {
        Wish.Key key = wish.key();
        Instant now = clock.instant();
        HeldToken held = cache.find(key);
        if (held != null && held.isGoodFor(wish.wanted(), now)) {
            metrics.hit();
            lastUse.note(held.row(), now);
            return held;
        }
        metrics.miss();
        HeldToken fetched;
        try {
            fetched = fetch(wish, key);
        } catch (ServiceException e) {
            boolean mayPass = e.error().kind() == ErrorCode.Kind.UNAVAILABLE;
            if (!mayPass || held == null || !held.isGoodFor(wish.least(), clock.instant())) {
                throw e;
            }
            fetched = held;
        }
        lastUse.note(fetched.row(), now);
        return fetched;
    }

    private HeldToken fetch(Wish wish, Wish.Key key) {
        if (!places.tryAcquire()) {
            throw saturated();
        }
        try {
            long end = System.nanoTime() + longestWait().toNanos();
            for (int round = 0; round < ROUNDS; round++) {
                HeldToken token = await(flight(wish, key), end);
                if (token.isGoodFor(wish.least(), clock.instant())) {
                    return token;
                }
            }
            throw googleUnavailable("Google gives no token that lives so long.", Duration.ofSeconds(5));
        } finally {
            places.release();
        }
    }

    private Duration longestWait() {
        return Deadlines.current()
                .map(deadline -> deadline.left(clock.instant()))
                .filter(left -> left.compareTo(properties.longestWait()) < 0)
                .orElse(properties.longestWait());
    }

    private static HeldToken await(CompletableFuture<HeldToken> flight, long end) {
        try {
            return flight.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw googleUnavailable("The token is being renewed, and that takes too long.", Duration.ofSeconds(1));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ServiceException refused) {
                throw refused;
            }
            throw new IllegalStateException("The vault failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw googleUnavailable("This node stops.", Duration.ofSeconds(1));
        }
    }

    /** One at a time for a key, on a thread of its own: who began it may go away. */
    private CompletableFuture<HeldToken> flight(Wish wish, Wish.Key key) {
        CompletableFuture<HeldToken> mine = new CompletableFuture<>();
        CompletableFuture<HeldToken> known = flights.putIfAbsent(key, mine);
        if (known != null) {
            return known;
        }
        Lane lane = Lanes.current();
        Thread.ofVirtual().name("vault-token").start(() -> {
            try {
                HeldToken[] token = new HeldToken[1];
                Lanes.in(lane, () -> token[0] = readOrRenew(wish, key));
                flights.remove(key, mine);
                mine.complete(token[0]);
            } catch (ServiceException e) {
                flights.remove(key, mine);
                mine.completeExceptionally(e.error() == PoolError.SATURATED ? saturated() : e);
            } catch (Throwable e) {
                flights.remove(key, mine);
                LOG.error("A Google token could not be given", e);
                mine.completeExceptionally(e);
            }
        });
        return mine;
    }

    private HeldToken readOrRenew(Wish wish, Wish.Key key) {
        long end = System.nanoTime() + properties.longestWait().toNanos();
        while (true) {
            Row row = rows.find(key)
                    .orElseThrow(() -> new ServiceException(
                            VaultError.NOT_CONNECTED, "The user has not connected this Google service."));
            requireUsable(row, wish);
            HeldToken stored = open(row);
            if (stored != null && stored.isGoodFor(wish.wanted(), clock.instant())) {
                return hold(key, stored);
            }
            Duration pause = pauseOf(row.id());
            boolean mustWait = row.leased() || pause.isPositive();
            if (mustWait && stored != null && stored.isGoodFor(wish.least(), clock.instant())) {
                return hold(key, stored);
            }
            if (pause.isPositive()) {
                throw googleUnavailable("Google did not answer a moment ago.", pause);
            }
            if (!row.leased()) {
                OptionalLong fence = rows.takeLease(row, node, properties.lease(), clock.instant());
                HeldToken renewed = fence.isPresent() ? renew(row, fence.getAsLong(), wish, stored) : null;
                if (renewed != null) {
                    return hold(key, renewed);
                }
            }
            awaitOther(end);
        }
    }

    /** Nothing if the row is to be read again. */
    private @Nullable HeldToken renew(Row row, long fence, Wish wish, @Nullable HeldToken stored) {
        return switch (renewer.renew(row, fence)) {
            case Renewer.Outcome.Renewed(HeldToken token) -> token;
            case Renewer.Outcome.Overtaken _ -> null;
            case Renewer.Outcome.Broken(String reason) -> throw reconnect(reason);
            case Renewer.Outcome.Trouble(String reason, Duration retryAfter) -> {
                pauses.put(row.id(), clock.instant().plus(retryAfter));
                if (stored != null && stored.isGoodFor(wish.least(), clock.instant())) {
                    yield stored;
                }
                LOG.info("No Google token for row {}: {}", row.id(), reason);
                throw googleUnavailable("Google does not answer.", retryAfter);
            }
        };
    }

    private static void requireUsable(Row row, Wish wish) {
        if (wish.offline() && !row.offline()) {
            throw new ServiceException(
                    VaultError.NOT_ALLOWED, "The user has not switched this service on for while they are away.");
        }
        if (row.grantReason() != null) {
            throw reconnect(row.grantReason());
        }
        if (!row.scopes().containsAll(row.service().scopes())) {
            throw reconnect("scopes_missing");
        }
    }

    private HeldToken hold(Wish.Key key, HeldToken token) {
        cache.put(key, token);
        return token;
    }

    private @Nullable HeldToken open(Row row) {
        if (row.token() == null || row.obtainedAt() == null || row.expiresAt() == null) {
            return null;
        }
        if (!clock.instant().isBefore(row.expiresAt())) {
            return null;
        }
        Place place = Place.accessToken(row.id(), row.user(), row.service(), row.tokenVersion());
        String token;
        try {
            token = seal.open(row.token(), place);
        } catch (IllegalStateException e) {
            // The next one takes its place.
            LOG.error("The access token of row {} does not open", row.id(), e);
            return null;
        }
        return new HeldToken(
                row.id(),
                row.grant(),
                row.grantVersion(),
                row.user(),
                token,
                row.obtainedAt(),
                row.expiresAt(),
                row.scopes(),
                clock.instant());
    }

    private Duration pauseOf(UUID row) {
        Instant until = pauses.getIfPresent(row);
        if (until == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), until);
        if (!left.isPositive()) {
            pauses.invalidate(row);
        }
        return left;
    }

    /** Somebody else renews it, or has just done so: the row says when. */
    private static void awaitOther(long end) {
        if (System.nanoTime() > end) {
            throw googleUnavailable("The token is being renewed, and that takes too long.", Duration.ofSeconds(1));
        }
        try {
            Thread.sleep(LOOK_MILLIS + ThreadLocalRandom.current().nextInt(LOOK_MILLIS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw googleUnavailable("This node stops.", Duration.ofSeconds(1));
        }
    }

    private static ServiceException reconnect(String reason) {
        return new ServiceException(
                        VaultError.RECONNECT_REQUIRED, "The user must connect Google again: %s.".formatted(reason))
                .with("reason", reason);
    }

    private static ServiceException googleUnavailable(String detail, Duration retryAfter) {
        return new ServiceException(VaultError.GOOGLE_UNAVAILABLE, detail, retryAfter);
    }

    private static ServiceException saturated() {
        return new ServiceException(
                VaultError.SATURATED, "Too many Google tokens are being renewed.", Duration.ofSeconds(2));
    }
}
