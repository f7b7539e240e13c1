package dev.firebreak.auth.grant;

import dev.firebreak.auth.sealing.KeyWrapper;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node's {@link MacRing} equal to the database's. Refreshes run one at a time (a loop); reading the ring is
 * free.
 */
final class MacKeys {
    private static final int SECRET_BYTES = 32;

    private final MacKeyRepository repository;
    private final KeyWrapper wrapper;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private volatile MacRing ring = MacRing.EMPTY;

    MacKeys(MacKeyRepository repository, KeyWrapper wrapper, InstantSource clock) {
        this.repository = repository;
        this.wrapper = wrapper;
        this.clock = clock;
    }

    /** The keys as last read. */
    MacRing ring() {
        return ring;
    }

    /** Reads the keys; makes the first one if there is none. */
    void refresh() {
        List<MacKeyRepository.Row> rows = repository.findAll();
        if (rows.isEmpty()) {
            repository.insertFirst(firstKey(), clock.instant());
            rows = repository.findAll();
        }
        MacRing known = ring;
        Map<String, SecretKey> keys = new HashMap<>();
        @Nullable String making = null;
        for (MacKeyRepository.Row row : rows) {
            SecretKey secret = known.keys().get(row.id());
            keys.put(row.id(), secret != null ? secret : unwrap(row));
            making = row.state().equals("making") ? row.id() : making;
        }
        ring = new MacRing(keys, making);
    }

    private SecretKey unwrap(MacKeyRepository.Row row) {
        return MacRing.key(wrapper.unwrap(row.wrappingKeyId(), row.sealedSecret(), place(row.id())));
    }

    private MacKeyRepository.Row firstKey() {
        byte[] idBytes = new byte[4];
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(idBytes);
        random.nextBytes(secret);
        String id = "m" + HexFormat.of().formatHex(idBytes);
        return new MacKeyRepository.Row(id, "making", wrapper.wrap(secret, place(id)), wrapper.keyId());
    }

    private static KeyWrapper.Place place(String id) {
        return new KeyWrapper.Place(MacKeyRepository.TABLE, "sealed_secret", id, "refresh-token-mac");
    }
}
