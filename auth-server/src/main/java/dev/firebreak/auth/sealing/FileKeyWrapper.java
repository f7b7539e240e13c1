package dev.firebreak.auth.sealing;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key-encryption keys from a file that is read again when it changes (ADR 19). A file that is wrong changes nothing:
 * the last good one counts. A key that vanishes from the file stays in memory as long as a stored row, or a value of short
 * life, may need it. Using the keys takes no lock; {@link #reload} and {@link #forget} are one loop's each.
 */
public final class FileKeyWrapper implements KeyWrapper {
    private static final Logger LOG = LoggerFactory.getLogger(FileKeyWrapper.class);

    private final KeyFile file;
    private final Supplier<? extends Collection<? extends Collection<String>>> nodes;
    private volatile HeldKeys keys;
    private volatile boolean stale;

    private FileKeyWrapper(KeyFile file, Supplier<? extends Collection<? extends Collection<String>>> nodes) {
        this.file = file;
        this.nodes = nodes;
        this.keys = new HeldKeys(file.read(), Map.of());
    }

    /** Reads the keys for a node that is alone; a message that says what to do if the file is not one of keys. */
    public static FileKeyWrapper load(Path file) {
        return load(file, List::of);
    }

    /** @param nodes ids of the keys that each living node can use, from memory: what must be able to open what is sealed */
    static FileKeyWrapper load(Path file, Supplier<? extends Collection<? extends Collection<String>>> nodes) {
        return new FileKeyWrapper(new KeyFile(file), nodes);
    }

    /** Takes over a changed file. */
    synchronized void reload(Instant now) {
        List<KeyEncryptionKey> read;
        try {
            read = file.read();
        } catch (IllegalStateException | UncheckedIOException e) {
            stale = true;
            throw e;
        }
        stale = false;
        if (!ids(read).equals(ids(keys.inFile()))) {
            keys = keys.withFile(read, now);
            LOG.info(
                    "Key-encryption keys are now {}; {} is to seal, {} left the file",
                    ids(keys.inFile()),
                    keys.first().id(),
                    ids(List.copyOf(keys.dropped().keySet())));
        }
    }

    /** Drops the keys that left the file long enough ago; to be called only while they seal no row and no node uses them. */
    synchronized void forget(Instant now) {
        keys = keys.without(now);
    }

    HeldKeys keys() {
        return keys;
    }

    /** True while the file on disk is not the one in use. */
    boolean isStale() {
        return stale;
    }

    /** Ids of the keys that this node can use, the one that its file seals with first. */
    List<String> keyIds() {
        return ids(keys.all());
    }

    private static List<String> ids(List<KeyEncryptionKey> keys) {
        return keys.stream().map(KeyEncryptionKey::id).toList();
    }

    /** The key that seals now: the file's first one, once every living node can open what it seals. */
    KeyEncryptionKey sealer() {
        return keys.sealer(nodes.get());
    }

    /** Keys for one use outside the database, derived from these. {@code info} names the use and its version. */
    public DerivedKeys derived(String info, int bytes) {
        return new DerivedKeys(this, info, bytes);
    }

    @Override
    public Sealed wrap(byte[] secret, Place place) {
        return sealer().seal(secret, place);
    }

    @Override
    public byte[] unwrap(String keyId, byte[] sealed, Place place) {
        HeldKeys held = keys;
        return held.find(keyId)
                .orElseThrow(() -> new IllegalStateException(
                        "%s is sealed under wrapping key %s, but auth.wrapping-key-file holds %s"
                                .formatted(place, keyId, String.join(", ", ids(held.inFile())))))
                .open(sealed, place);
    }

    @Override
    public String toString() {
        return "FileKeyWrapper" + keyIds();
    }
}
