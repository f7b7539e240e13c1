package dev.firebreak.auth.signing;

import com.nimbusds.jose.JWSSigner;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The key that signs, opened. Holds the only private half in memory; dropped as a whole when the key is active no more.
 *
 * @param until hard end of signing; absent = none
 */
record ActiveKey(String kid, JWSSigner signer, @Nullable Instant until) {
    ActiveKey until(@Nullable Instant newUntil) {
        return new ActiveKey(kid, signer, newUntil);
    }

    boolean maySignAt(Instant now) {
        return until == null || now.isBefore(until);
    }

    @Override
    public String toString() {
        return "ActiveKey[" + kid + "]";
    }
}
