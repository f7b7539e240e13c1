package dev.firebreak.trust;

import com.nimbusds.jose.jwk.JWK;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Everything a verifier trusts at one moment. Immutable; swapped as a whole.
 *
 * @param keys public keys by kid
 * @param asOf when the issuing node read its tables; the age of the snapshot counts from here
 */
public record TrustSnapshot(
        UUID epoch, long keysVersion, Map<String, JWK> keys, long cursor, RevocationSet revocations, Instant asOf) {
    public TrustSnapshot {
        keys = Map.copyOf(keys);
    }
}
