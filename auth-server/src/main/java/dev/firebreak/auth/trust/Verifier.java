package dev.firebreak.auth.trust;

import java.time.Instant;

/**
 * A process that verifies tokens, and what it had when it last asked the feed.
 *
 * @param client its client id
 * @param instance the stable name of its node, never one per start
 * @param keysVersion version of its keys; 0 = none of this database
 * @param cursor number of its last revocation
 * @param askedAt when it last asked any node
 */
public record Verifier(String client, String instance, long keysVersion, long cursor, Instant askedAt) {
    /** {@code client/instance}, for people. */
    public String name() {
        return client + "/" + instance;
    }
}
