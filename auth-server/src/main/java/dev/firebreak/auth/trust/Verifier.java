package dev.firebreak.auth.trust;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process that verifies tokens, and what it had when it last asked the feed.
 *
 * @param client its client id
 * @param instance the stable name of its node, never one per start
 * @param keysVersion version of its keys; 0 = none of this database
 * @param cursor number of its last revocation
 * @param askedAt when it last asked any node
 * @param ring ids of the cookie keys that it can open; absent if it never told this node
 */
public record Verifier(
        String client,
        String instance,
        long keysVersion,
        long cursor,
        Instant askedAt,
        @Nullable List<String> ring) {
    public Verifier {
        ring = ring == null ? null : List.copyOf(ring);
    }

    /** As the database has it, which keeps no ring. */
    public Verifier(String client, String instance, long keysVersion, long cursor, Instant askedAt) {
        this(client, instance, keysVersion, cursor, askedAt, null);
    }

    Verifier withRing(@Nullable List<String> told) {
        return new Verifier(client, instance, keysVersion, cursor, askedAt, told);
    }

    /** {@code client/instance}, for people. */
    public String name() {
        return client + "/" + instance;
    }
}
