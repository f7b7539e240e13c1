package dev.firebreak.auth.trust;

import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.util.List;

/** Who verifies tokens, and what each has acknowledged. */
public interface Verifiers {
    /**
     * A verifier that has not asked for this long is forgotten: five minutes earlier it began to answer 503 by itself,
     * because its trust data passed the hard cap.
     */
    Duration FORGET_AFTER = Lifetimes.TRUST_HARD_CAP.plus(Duration.ofMinutes(5));

    /** All that are not forgotten, by name; from memory, as this node last read and heard. */
    List<Verifier> live();

    /** False while this node does not know what the others heard: then nobody may conclude that no verifier lacks a key. */
    boolean isKnown();

    /** Asks for an early exchange with the other nodes of what was heard; returns at once. */
    void exchangeSoon();

    /** Those that have not acknowledged a version of the keys. */
    default List<Verifier> withoutKeys(long version) {
        return live().stream()
                .filter(verifier -> verifier.keysVersion() < version)
                .toList();
    }

    /** Those that have not got a revocation. */
    default List<Verifier> withoutRevocation(long seq) {
        return live().stream().filter(verifier -> verifier.cursor() < seq).toList();
    }
}
