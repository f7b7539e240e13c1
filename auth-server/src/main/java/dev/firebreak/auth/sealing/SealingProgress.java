package dev.firebreak.auth.sealing;

import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.sealing.SealedRowRepository.Count;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far a rotation of the key-encryption key has come, by what the database and the nodes say at one moment. Immutable.
 *
 * @param keys what this node can use
 * @param counts rows by table and key
 * @param waitsFor names of the nodes whose file has another first key: until they agree nothing is re-wrapped, because
 *     two nodes of two opinions would go on undoing each other's work
 */
record SealingProgress(HeldKeys keys, List<Count> counts, Set<String> waitsFor) {
    SealingProgress {
        counts = List.copyOf(counts);
        waitsFor = Set.copyOf(waitsFor);
    }

    static SealingProgress of(HeldKeys keys, List<Count> counts, List<Node> nodes) {
        Set<String> waitsFor = new TreeSet<>();
        for (Node node : nodes) {
            List<String> theirs = node.wrappingKeys();
            if (theirs.isEmpty() || !theirs.getFirst().equals(keys.first().id())) {
                waitsFor.add(node.name());
            }
        }
        return new SealingProgress(keys, counts, waitsFor);
    }

    /** The key that everything is to be sealed under. */
    String current() {
        return keys.first().id();
    }

    /** Rows by key: every key of the file, and every key that seals a row. */
    Map<String, Long> rows() {
        Map<String, Long> rows = new TreeMap<>();
        keys.inFile().forEach(key -> rows.put(key.id(), 0L));
        counts.forEach(count -> rows.merge(count.keyId(), count.rows(), Long::sum));
        return rows;
    }

    /** Rows that a start with this file could not open. */
    List<Count> missing() {
        return counts.stream().filter(count -> !keys.fileHas(count.keyId())).toList();
    }

    /** True if the file needs no key but its first one. */
    boolean isDone() {
        return waitsFor.isEmpty()
                && counts.stream().allMatch(count -> count.keyId().equals(current()));
    }
}
