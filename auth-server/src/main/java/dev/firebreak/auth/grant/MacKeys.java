package dev.firebreak.auth.grant;

import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
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
    private static final SecureRandom RANDOM = new SecureRandom();

    private final MacKeyRepository repository;
    private final MacMoves moves;
    private final KeyWrapper wrapper;
    private final InstantSource clock;
    private volatile MacRing ring = MacRing.EMPTY;
    private Set<String> unopened = Set.of();

    MacKeys(MacKeyRepository repository, MacMoves moves, KeyWrapper wrapper, InstantSource clock) {
        this.repository = repository;
        this.moves = moves;
        this.wrapper = wrapper;
        this.clock = clock;
    }

    /** A key that no table has yet. */
    record NewKey(String id, Sealed secret) {}

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
        MacRing known = ring;
        Map<String, SecretKey> keys = new HashMap<>();
        Set<String> sealed = new TreeSet<>();
        @Nullable String making = null;
        for (MacKeyRepository.Row row : rows) {
            String id = row.key().id();
            SecretKey secret = known.keys().get(id);
            secret = secret != null ? secret : unwrap(row);
            if (secret == null) {
                sealed.add(id);
                continue;
            }
            keys.put(id, secret);
            making = row.key().state() == MacKeyState.MAKING ? id : making;
        }
        ring = new MacRing(keys, making);
        unopened = sealed;
        return rows.stream().map(MacKeyRepository.Row::key).toList();
    }

    private @Nullable SecretKey unwrap(MacKeyRepository.Row row) {
        String id = row.key().id();
        try {
            byte[] secret =
                    wrapper.unwrap(row.secret().keyId(), row.secret().value(), MacKeyRepository.SEALED.place(id));
            return MacRing.key(secret);
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
}
