package dev.firebreak.auth.grant;

import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's {@link MacRing} equal to the database's. Refreshes run one at a time (a loop); reading the ring is
 * free.
 */
final class MacKeys {
    private static final Logger LOG = LoggerFactory.getLogger(MacKeys.class);
    private static final int SECRET_BYTES = 32;

    /**
     * What a revoked key's row holds in place of its secret, sealed like one, so that only who has the key-encryption key can
     * write it. Random bytes follow: a program that took all of it for a secret would accept nobody's tokens.
     */
    private static final byte[] REVOKED = "revoked:".getBytes(StandardCharsets.US_ASCII);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final MacKeyRepository repository;
    private final MacMoves moves;
    private final KeyWrapper wrapper;
    private final InstantSource clock;
    private volatile MacRing ring = MacRing.EMPTY;
    private Map<String, Opened> opened = Map.of();
    private Set<String> unopened = Set.of();

    MacKeys(MacKeyRepository repository, MacMoves moves, KeyWrapper wrapper, InstantSource clock) {
        this.repository = repository;
        this.moves = moves;
        this.wrapper = wrapper;
        this.clock = clock;
    }

    /** A key that no table has yet. */
    record NewKey(String id, Sealed secret) {}

    /** A row's value and what was in it; absent = the key is revoked. */
    private record Opened(Sealed sealed, @Nullable SecretKey secret) {
        boolean isOf(Sealed value) {
            return sealed.keyId().equals(value.keyId()) && Arrays.equals(sealed.value(), value.value());
        }
    }

    /** The keys as last read. */
    MacRing ring() {
        return ring;
    }

    /** Ids of the keys whose tokens this node can judge. */
    List<String> loaded() {
        return ring.keys().keySet().stream().sorted().toList();
    }

    /**
     * Reads the keys; makes the first one if there is none. A key that does not open is left out: its tokens are answered
     * 503, which ends no session, and those of the others work.
     *
     * @return what the table holds
     */
    List<MacKey> refresh() {
        List<MacKeyRepository.Row> rows = repository.findAll();
        if (rows.isEmpty()) {
            moves.makeFirst(generate(wrapper), clock.instant());
            rows = repository.findAll();
        }
        Map<String, Opened> known = opened;
        Map<String, Opened> now = new HashMap<>();
        Map<String, SecretKey> keys = new HashMap<>();
        Set<String> revoked = new HashSet<>();
        Set<String> sealed = new TreeSet<>();
        @Nullable String making = null;
        for (MacKeyRepository.Row row : rows) {
            String id = row.key().id();
            Opened value = known.get(id);
            // A changed row is opened anew, and counts for nothing while it does not open: it may say that the key is
            // revoked.
            value = value != null && value.isOf(row.secret()) ? value : unwrap(row);
            if (value == null) {
                sealed.add(id);
                continue;
            }
            now.put(id, value);
            if (value.secret() == null) {
                revoked.add(id);
            } else {
                keys.put(id, value.secret());
                making = row.key().state() == MacKeyState.MAKING ? id : making;
            }
        }
        opened = now;
        ring = new MacRing(keys, revoked, making);
        unopened = sealed;
        return rows.stream().map(MacKeyRepository.Row::key).toList();
    }

    private @Nullable Opened unwrap(MacKeyRepository.Row row) {
        String id = row.key().id();
        try {
            byte[] secret =
                    wrapper.unwrap(row.secret().keyId(), row.secret().value(), MacKeyRepository.SEALED.place(id));
            return new Opened(row.secret(), isRevocation(secret) ? null : MacRing.key(secret));
        } catch (IllegalStateException e) {
            // Once, not once a second.
            if (!unopened.contains(id)) {
                LOG.error("The MAC key {} of refresh tokens does not open; its tokens get 503", id, e);
            }
            return null;
        }
    }

    static NewKey generate(KeyWrapper wrapper) {
        byte[] idBytes = new byte[4];
        byte[] secret = new byte[SECRET_BYTES];
        RANDOM.nextBytes(idBytes);
        RANDOM.nextBytes(secret);
        String id = "m" + HexFormat.of().formatHex(idBytes);
        return new NewKey(id, wrapper.wrap(secret, MacKeyRepository.SEALED.place(id)));
    }

    /** What takes the place of a secret when its key is revoked. The secret is gone from the table with it. */
    static Sealed revocation(KeyWrapper wrapper, String id) {
        byte[] noise = new byte[SECRET_BYTES];
        RANDOM.nextBytes(noise);
        byte[] value = Arrays.copyOf(REVOKED, REVOKED.length + SECRET_BYTES);
        System.arraycopy(noise, 0, value, REVOKED.length, SECRET_BYTES);
        return wrapper.wrap(value, MacKeyRepository.SEALED.place(id));
    }

    /**
     * Ids of the keys that these rows revoke; a ring may be a second older than a row. A row that does not open says nothing, so
     * that at worst a key is revoked twice.
     */
    static Set<String> revoked(List<MacKeyRepository.Row> rows, KeyWrapper wrapper) {
        Set<String> revoked = new HashSet<>();
        for (MacKeyRepository.Row row : rows) {
            String id = row.key().id();
            try {
                if (isRevocation(wrapper.unwrap(
                        row.secret().keyId(), row.secret().value(), MacKeyRepository.SEALED.place(id)))) {
                    revoked.add(id);
                }
            } catch (IllegalStateException e) {
                LOG.warn("The MAC key {} of refresh tokens does not open: whether it is revoked is not known", id, e);
            }
        }
        return revoked;
    }

    private static boolean isRevocation(byte[] opened) {
        return opened.length == REVOKED.length + SECRET_BYTES
                && Arrays.equals(opened, 0, REVOKED.length, REVOKED, 0, REVOKED.length);
    }
}
