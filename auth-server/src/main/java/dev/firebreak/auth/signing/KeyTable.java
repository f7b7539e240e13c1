package dev.firebreak.auth.signing;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All keys at one version of the set, oldest first.
 *
 * @param version changes with each move, and only then
 */
record KeyTable(long version, List<SigningKey> keys) {
    KeyTable {
        keys = List.copyOf(keys);
    }

    @Nullable
    SigningKey active() {
        return newest(KeyState.ACTIVE).orElse(null);
    }

    Optional<SigningKey> newest(KeyState state) {
        return in(state).stream().reduce((older, newer) -> newer);
    }

    /**
     * The published key that signs next: the one of an unfinished emergency, whatever the clocks of the nodes that made
     * keys say, else the newest.
     */
    Optional<SigningKey> next() {
        return in(KeyState.PUBLISHED).stream()
                .filter(key -> key.emergency() != null)
                .reduce((older, newer) -> newer)
                .or(() -> newest(KeyState.PUBLISHED));
    }

    List<SigningKey> in(KeyState state) {
        return keys.stream().filter(key -> key.state() == state).toList();
    }

    Optional<SigningKey> find(String kid) {
        return keys.stream().filter(key -> key.kid().equals(kid)).findFirst();
    }
}
