package dev.firebreak.trust;

import com.nimbusds.jose.JWSAlgorithm;
import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.util.Set;

/**
 * What a verifier demands of a token.
 *
 * @param issuer exact {@code iss}
 * @param audience value that {@code aud} must contain
 * @param skew tolerated difference of clocks on {@code exp} and {@code nbf}
 * @param cacheSize how many verified tokens are remembered, about 500 bytes each
 * @param hardCap age of the trust data past which nothing is judged any more
 * @param algorithms signature algorithms accepted, a subset of ES256 and RS256; a key serves its own kind only
 */
public record VerifierPolicy(
        String issuer, String audience, Duration skew, int cacheSize, Duration hardCap, Set<JWSAlgorithm> algorithms) {
    /** What this system signs with; a key says which. */
    public static final Set<JWSAlgorithm> SUPPORTED = Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256);

    public VerifierPolicy {
        algorithms = Set.copyOf(algorithms);
        if (issuer.isEmpty() || audience.isEmpty()) {
            throw new IllegalArgumentException("A verifier needs an issuer and an audience");
        }
        if (skew.isNegative() || !hardCap.isPositive() || cacheSize < 1) {
            throw new IllegalArgumentException("Skew must not be negative; hard cap and cache size must be positive");
        }
        if (algorithms.isEmpty() || !SUPPORTED.containsAll(algorithms)) {
            throw new IllegalArgumentException("Algorithms must be some of " + SUPPORTED);
        }
    }

    /** What this system issues and nothing else: ES256 or RS256, each by keys of its own; hard cap of the contract. */
    public VerifierPolicy(String issuer, String audience, Duration skew, int cacheSize) {
        this(issuer, audience, skew, cacheSize, Lifetimes.TRUST_HARD_CAP, SUPPORTED);
    }
}
