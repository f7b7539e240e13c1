package dev.firebreak.bench;

import org.jspecify.annotations.Nullable;

/**
 * A figure to report.
 *
 * @param name {@code gate.enter}: the group and what is done
 * @param ours what is measured
 * @param peer what does the same elsewhere; absent where nothing does
 */
record Comparison(String name, Subject ours, @Nullable Peer peer) {
    /** Somebody else's code, and whose. */
    record Peer(String name, String version, Subject subject) {}

    /** Whether the user meant it: its own name or its group's. */
    boolean isMeantBy(String given) {
        return name.equals(given) || name.startsWith(given + ".");
    }
}
