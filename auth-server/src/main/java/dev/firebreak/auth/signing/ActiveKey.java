package dev.firebreak.auth.signing;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs, opened. Holds the only private half in memory; dropped as a whole when the key is active no more.
 *
 * @param from signs only from then on; absent = at once
 * @param until hard end of signing; absent = none
 */
record ActiveKey(
        String kid,
        JWSAlgorithm algorithm,
        JWSSigner signer,
        @Nullable Instant from,
        @Nullable Instant until) {
    ActiveKey between(@Nullable Instant newFrom, @Nullable Instant newUntil) {
        return new ActiveKey(kid, algorithm, signer, newFrom, newUntil);
    }

    boolean maySignAt(Instant now) {
        return (from == null || !now.isBefore(from)) && (until == null || now.isBefore(until));
    }

    @Override
    public String toString() {
        return "ActiveKey[" + kid + "]";
    }
}
