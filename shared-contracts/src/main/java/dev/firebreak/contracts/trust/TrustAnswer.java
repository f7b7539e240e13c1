package dev.firebreak.contracts.trust;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Answer of {@code GET /auth/internal/v1/trust?epoch=&keys=<version>&after=<cursor>}. On the wire: {@code
 * {"epoch","as_of","keys_version","keys":[{"kid","state","jwk":{…}}],"cursor","full","revocations":[…]}}; {@code keys}
 * is absent while the version asked with is current.
 *
 * @param epoch identity of the database; another epoch voids every version and cursor
 * @param asOf when the answering node last read both tables; the age of a snapshot counts from here
 * @param keysVersion version of the key set; asking with it acknowledges it
 * @param keys the whole key set, or absent = unchanged
 * @param cursor number of the last revocation contained
 * @param full true = {@code revocations} is the whole set, false = those after the cursor asked with
 * @param revocations entries in commit order
 */
public record TrustAnswer(
        UUID epoch,
        Instant asOf,
        long keysVersion,
        @Nullable List<PublishedKey> keys,
        long cursor,
        boolean full,
        List<Revocation> revocations) {
    public TrustAnswer {
        keys = keys == null ? null : List.copyOf(keys);
        revocations = List.copyOf(revocations);
    }
}
