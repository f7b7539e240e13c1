package dev.firebreak.auth.sealing;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The key-encryption keys that this node can use: those of its file, and those that the file has lost but something may
 * still need. Immutable.
 *
 * @param inFile the first one seals; never empty
 * @param dropped keys no longer in the file, with the time at which that was noticed
 */
record HeldKeys(List<KeyEncryptionKey> inFile, Map<KeyEncryptionKey, Instant> dropped) {
    /** Life of what is sealed under keys derived from these and not stored: a sign-in step lives for so long. */
    static final Duration SHORT_LIFE = Duration.ofMinutes(10);

    HeldKeys {
        inFile = List.copyOf(inFile);
        dropped = Map.copyOf(dropped);
    }

    /** The one that the file wants to seal with. */
    KeyEncryptionKey first() {
        return inFile.getFirst();
    }

    /** In order of preference: the file's, then the dropped ones by id. */
    List<KeyEncryptionKey> all() {
        List<KeyEncryptionKey> lost = new ArrayList<>(dropped.keySet());
        lost.sort((a, b) -> a.id().compareTo(b.id()));
        return Stream.concat(inFile.stream(), lost.stream()).toList();
    }

    Optional<KeyEncryptionKey> find(String id) {
        return all().stream().filter(key -> key.id().equals(id)).findFirst();
    }

    boolean fileHas(String id) {
        return inFile.stream().anyMatch(key -> key.id().equals(id));
    }

    /**
     * The key to seal with while each node has other keys: the most preferred one that every node can open, else the
     * file's first.
     *
     * @param nodes what each living node can open
     */
    KeyEncryptionKey sealer(Collection<? extends Collection<String>> nodes) {
        return all().stream()
                .filter(key -> nodes.stream().allMatch(ids -> ids.contains(key.id())))
                .findFirst()
                .orElseGet(this::first);
    }

    /** With another content of the file. */
    HeldKeys withFile(List<KeyEncryptionKey> keys, Instant now) {
        Map<KeyEncryptionKey, Instant> lost = new LinkedHashMap<>();
        for (KeyEncryptionKey key : all()) {
            if (keys.stream().noneMatch(other -> other.id().equals(key.id()))) {
                lost.put(key, dropped.getOrDefault(key, now));
            }
        }
        return new HeldKeys(keys.stream().map(key -> find(key.id()).orElse(key)).toList(), lost);
    }

    /** Without the dropped keys under which nothing of short life can be sealed any more. */
    HeldKeys without(Instant now) {
        Map<KeyEncryptionKey, Instant> kept = new LinkedHashMap<>();
        dropped.forEach((key, since) -> {
            if (now.isBefore(since.plus(SHORT_LIFE))) {
                kept.put(key, since);
            }
        });
        return kept.size() == dropped.size() ? this : new HeldKeys(inFile, kept);
    }
}
