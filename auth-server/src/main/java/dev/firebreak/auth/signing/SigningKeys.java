package dev.firebreak.auth.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.auth.trust.VerificationKeys;
import dev.firebreak.contracts.trust.PublishedKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the key table: what verifiers may have, and the one key that may sign. A loop refreshes it; readers
 * take no lock and do no I/O.
 */
final class SigningKeys implements VerificationKeys {
    private static final Logger LOG = LoggerFactory.getLogger(SigningKeys.class);

    private final Supplier<SigningKeyRepository.Rows> table;
    private final KeyVault vault;
    private final BooleanSupplier firstKey;
    private final Supplier<Duration> maxAge;
    private final InstantSource clock;
    private volatile Runnable wakeUp = () -> {};
    private volatile Runnable readers = () -> {};
    private volatile Runnable hurry = () -> {};
    private volatile @Nullable Snapshot snapshot;
    private String unopened = "";

    /**
     * @param table reads the living keys
     * @param firstKey makes the first key of an empty table; true if there is one now
     * @param maxAge how long others may keep the keys
     */
    SigningKeys(
            Supplier<SigningKeyRepository.Rows> table,
            KeyVault vault,
            BooleanSupplier firstKey,
            Supplier<Duration> maxAge,
            InstantSource clock) {
        this.maxAge = maxAge;
        this.table = table;
        this.vault = vault;
        this.firstKey = firstKey;
        this.clock = clock;
    }

    /**
     * The table at one moment.
     *
     * @param active the key that signs; absent if none is active
     */
    record Snapshot(KeySet published, @Nullable ActiveKey active) {}

    /** Reads the table; makes the first key if there is none. Called by one thread at a time. */
    void refresh() {
        Instant readAt = clock.instant();
        SigningKeyRepository.Rows rows = table.get();
        if (rows.keys().isEmpty() && firstKey.getAsBoolean()) {
            rows = table.get();
        }
        requireForward(rows);
        ActiveKey active = null;
        for (SigningKeyRepository.Row row : rows.keys()) {
            active = row.state() == KeyState.ACTIVE ? open(row) : active;
        }
        List<PublishedKey> published = rows.keys().stream()
                .filter(row -> row.state().verifies())
                .map(SigningKeys::publish)
                .toList();
        snapshot = new Snapshot(new KeySet(rows.epoch(), rows.version(), published, readAt), active);
        if (rows.emergency()) {
            hurry.run();
        }
        readers.run();
    }

    /** A version names one key set for ever: verifiers that hold a later one would never take what this node now reads. */
    private void requireForward(SigningKeyRepository.Rows rows) {
        Snapshot known = snapshot;
        if (known != null
                && known.published().epoch().equals(rows.epoch())
                && rows.version() < known.published().version()) {
            throw new IllegalStateException(
                    "The database went back from version %d of the keys to %d without a new epoch"
                            .formatted(known.published().version(), rows.version()));
        }
    }

    Optional<Snapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    @Override
    public Optional<KeySet> current() {
        return snapshot().map(Snapshot::published);
    }

    @Override
    public void refreshSoon() {
        wakeUp.run();
    }

    @Override
    public Duration maxAge() {
        return maxAge.get();
    }

    @Override
    public void onRead(Runnable listener) {
        readers = listener;
    }

    /** What {@link #refreshSoon} wakes: the loop, which exists only after this. */
    void onRefreshSoon(Runnable loop) {
        wakeUp = loop;
    }

    /**
     * What runs after each read while an emergency is under way: the moment in which its key takes over must not be missed
     * by long, because until then this node signs with a key that others refuse.
     */
    void onEmergency(Runnable again) {
        hurry = again;
    }

    /** The signer is kept as long as its key is the active one, and dropped with it. */
    private @Nullable ActiveKey open(SigningKeyRepository.Row row) {
        Snapshot known = snapshot;
        ActiveKey active = known == null ? null : known.active();
        if (active != null && active.kid().equals(row.kid())) {
            return active.between(row.signFrom(), row.signUntil());
        }
        try {
            ActiveKey opened = vault.open(row);
            unopened = "";
            return opened;
        } catch (RuntimeException e) {
            // Nobody signs here then; what verifiers get needs no private half.
            if (!row.kid().equals(unopened)) {
                unopened = row.kid();
                LOG.error("Signing key {} cannot be opened: this node issues no tokens", row.kid(), e);
            }
            return null;
        }
    }

    private static PublishedKey publish(SigningKeyRepository.Row row) {
        Map<String, String> members = new TreeMap<>();
        publicJwk(row).toJSONObject().forEach((name, value) -> members.put(name, String.valueOf(value)));
        return new PublishedKey(row.kid(), row.state().wireName(), members);
    }

    private static JWK publicJwk(SigningKeyRepository.Row row) {
        try {
            JWK key = JWK.parse(row.publicJwk());
            if (!(key instanceof AsymmetricJWK pair)) {
                throw new IllegalStateException("Signing key %s is not a key pair".formatted(row.kid()));
            }
            // A point that is not on the curve must not be published.
            pair.toPublicKey();
            return key.toPublicJWK();
        } catch (ParseException | JOSEException e) {
            throw new IllegalStateException("The public half of signing key %s is not a JWK".formatted(row.kid()), e);
        }
    }
}
