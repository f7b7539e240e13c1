package dev.firebreak.trust;

import dev.firebreak.contracts.error.AuthError;
import java.util.Map;

/**
 * Counts of one verifier since it was made, for metrics.
 *
 * @param hits tokens found in the cache of verified tokens
 * @param misses tokens that were parsed, and verified where it came to that
 * @param refusedByReason tokens not accepted, by reason: proofs (401) and {@code TRUST_UNAVAILABLE} (503)
 */
public record VerifierStats(long hits, long misses, Map<AuthError, Long> refusedByReason) {
    public VerifierStats {
        refusedByReason = Map.copyOf(refusedByReason);
    }
}
