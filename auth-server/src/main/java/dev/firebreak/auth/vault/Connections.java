package dev.firebreak.auth.vault;

import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.vault.ConnectionRepository.Grant;
import dev.firebreak.auth.vault.ConnectionRepository.NewToken;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.contracts.error.ConnectionError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * What users connect and disconnect. Each order is one short transaction; Google is asked before or after it, never in it.
 * Thread-safe.
 */
public final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final ConnectionRepository rows;
    private final TransactionOperations transaction;
    private final TokenSeal seal;
    private final Revocation revocation;
    private final InstantSource clock;

    Connections(
            ConnectionRepository rows,
            TransactionOperations transaction,
            TokenSeal seal,
            Revocation revocation,
            InstantSource clock) {
        this.rows = rows;
        this.transaction = transaction;
        this.seal = seal;
        this.revocation = revocation;
        this.clock = clock;
    }

    /**
     * A Google account of a user.
     *
     * @param id our id of its grant
     * @param sub Google's id of it
     * @param usable whether we hold a refresh token that is good as far as we know; else the user must consent anew
     */
    public record Account(UUID id, String sub, String email, boolean usable) {}

    /** What came of a consent. */
    public sealed interface Stored {
        /** There is a connection, though perhaps the user did not allow all that it needs. */
        record Connected(UUID connection) implements Stored {}

        /** Google gave no refresh token and we hold none that is good: ask the user again, with consent. */
        record NeedsConsent() implements Stored {}
    }

    /**
     * What came of an order to disconnect.
     *
     * @param lastOfAccount whether no service of this account is left
     * @param ended whether our access has ended at Google; false also where it is still to be ended
     * @param shared whether another user of ours keeps our access to the same account alive
     */
    public record Disconnected(Connection was, boolean lastOfAccount, boolean ended, boolean shared) {}

    /** The user's connections, by service and age. */
    public List<Connection> of(UUID user) {
        return rows.connectionsOf(user);
    }

    /** The user's accounts that have a connection. */
    public List<Account> accounts(UUID user) {
        return rows.grantsOf(user).stream()
                .filter(grant -> !grant.isDisconnected())
                .map(grant -> new Account(
                        grant.id(), grant.sub(), grant.email(), grant.active() && grant.refreshToken() != null))
                .toList();
    }

    /**
     * Stores what the user allowed. A new refresh token replaces the one before, and with it all services of the account
     * work again.
     *
     * @param account whose tokens these are
     */
    public Stored store(UUID user, GoogleService service, Google.Account account, Google.Tokens tokens) {
        // A second try only after another node made the very grant between the look and the insert.
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<Stored> stored = transaction.execute(status -> tryToStore(user, service, account, tokens));
            if (stored != null && stored.isPresent()) {
                if (stored.get() instanceof Stored.Connected(UUID id)) {
                    LOG.info("User {} connected {} as {}", user, service.wireName(), id);
                }
                return stored.get();
            }
        }
        throw new IllegalStateException("A grant is there and is not");
    }

    private Optional<Stored> tryToStore(
            UUID user, GoogleService service, Google.Account account, Google.Tokens tokens) {
        Instant now = clock.instant();
        Grant before = rows.lockGrant(user, account.sub()).orElse(null);
        String refreshToken = tokens.refreshToken();
        Grant after;
        if (refreshToken == null) {
            if (before == null || !before.active() || before.refreshToken() == null) {
                return Optional.of(new Stored.NeedsConsent());
            }
            after = changed(before, account, with(before.scopes(), tokens.scopes()), before.tokenVersion());
            rows.widen(after, now);
        } else if (before != null) {
            after = changed(before, account, tokens.scopes(), before.tokenVersion() + 1);
            rows.replaceToken(after, sealed(after, refreshToken, tokens.refreshTokenLife(), now), now);
        } else {
            after = new Grant(
                    rows.newId(), user, account.sub(), account.email(), null, 1, tokens.scopes(), true, null, 1);
            if (!rows.insertGrant(after, sealed(after, refreshToken, tokens.refreshTokenLife(), now), now)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Stored.Connected(fit(after, service, now)));
    }

    private static Grant changed(Grant before, Google.Account account, Set<String> scopes, long tokenVersion) {
        return new Grant(
                before.id(),
                before.userId(),
                before.sub(),
                account.email(),
                before.refreshToken(),
                tokenVersion,
                scopes,
                true,
                null,
                before.version() + 1);
    }

    private NewToken sealed(Grant grant, String token, @Nullable Duration life, Instant now) {
        return new NewToken(
                seal.seal(token, Place.refreshToken(grant.id(), grant.userId(), grant.tokenVersion())),
                RefreshTokenHashes.ofPrefix(token),
                RefreshTokenHashes.ofGoogleHash(token),
                life == null ? null : now.plus(life));
    }

    /** Brings all services of the grant up to date, and adds the one that was asked for. */
    private UUID fit(Grant grant, GoogleService wanted, Instant now) {
        UUID found = null;
        for (Connection connection : rows.connectionsOfGrant(grant.userId(), grant.id())) {
            rows.refit(connection.id(), grant.email(), granted(connection.service(), grant.scopes()), now);
            if (connection.service() == wanted) {
                found = connection.id();
            }
        }
        return found != null ? found : rows.insert(grant, wanted, granted(wanted, grant.scopes()), now);
    }

    private static Set<String> granted(GoogleService service, Set<String> scopes) {
        Set<String> granted = new HashSet<>(service.scopes());
        granted.retainAll(scopes);
        return granted;
    }

    private static Set<String> with(Set<String> scopes, Set<String> more) {
        Set<String> all = new HashSet<>(scopes);
        all.addAll(more);
        return all;
    }

    /** @throws ServiceException if the user has no such connection */
    public Connection setOffline(UUID user, UUID id, boolean offline) {
        Boolean done = transaction.execute(status -> rows.setOffline(user, id, offline, clock.instant()));
        if (!Boolean.TRUE.equals(done)) {
            throw notFound();
        }
        LOG.info("User {} switched connection {} {} for services while away", user, id, offline ? "on" : "off");
        return rows.connection(user, id).orElseThrow(Connections::notFound);
    }

    /**
     * Deletes one connection. The last one of an account ends our access at Google: at once if Google answers, else later
     * and again and again.
     *
     * @throws ServiceException if the user has no such connection
     */
    public Disconnected disconnect(UUID user, UUID id) {
        Deleted deleted = transaction.execute(status -> delete(user, id));
        if (deleted == null) {
            throw notFound();
        }
        LOG.info("User {} disconnected {} {}", user, deleted.was().service().wireName(), id);
        boolean ended = deleted.last() && !deleted.shared() && revocation.endNow(deleted.grant());
        return new Disconnected(deleted.was(), deleted.last(), ended, deleted.shared());
    }

    private record Deleted(Connection was, UUID grant, boolean last, boolean shared) {}

    private Deleted delete(UUID user, UUID id) {
        Instant now = clock.instant();
        List<Grant> ofAccount = rows.lockGrantsOfAccountOf(user, id);
        Connection was = rows.connection(user, id).orElseThrow(Connections::notFound);
        UUID grant = rows.delete(user, id).orElseThrow(Connections::notFound);
        if (rows.hasServices(grant)) {
            rows.touch(grant, now);
            return new Deleted(was, grant, false, false);
        }
        boolean shared = ofAccount.stream().anyMatch(other -> !other.id().equals(grant) && !other.isDisconnected());
        rows.disconnect(grant, now);
        if (shared) {
            // At Google there is one access for all users of ours: ending it would take it from the others.
            ofAccount.stream()
                    .filter(own -> own.id().equals(grant))
                    .forEach(own -> rows.forgetToken(own.id(), own.tokenVersion(), now));
        }
        return new Deleted(was, grant, true, shared);
    }

    private static ServiceException notFound() {
        return new ServiceException(ConnectionError.NOT_FOUND, "There is no such connection.");
    }
}
