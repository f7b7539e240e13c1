package dev.firebreak.trust;

import java.time.Duration;

/**
 * What a verifier demands of a token.
 *
 * @param issuer exact {@code iss}
 * @param audience value that {@code aud} must contain
 * @param skew tolerated difference of clocks on {@code exp} and {@code nbf}
 * @param cacheSize how many verified tokens are remembered, about 500 bytes each
 */
public record VerifierPolicy(String issuer, String audience, Duration skew, int cacheSize) {}
