package dev.firebreak.auth.signing;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key and how far it is, without its private half.
 *
 * @param kid thumbprint of its public half (RFC 7638)
 * @param publishedVersion version of the key set with which verifiers first got it
 * @param confirmedAt when every live verifier had acknowledged it
 * @param signFrom signs only from then on; absent = from activation
 * @param signUntil hard end of signing; absent = none
 * @param wanted an operator wants it active as soon as it may be
 * @param emergency absent = an ordinary key
 * @param hurried the same, without the waits for third parties
 */
public record SigningKey(
        String kid,
        KeyState state,
        SigningAlgorithm algorithm,
        Instant createdAt,
        @Nullable Instant publishedAt,
        @Nullable Long publishedVersion,
        @Nullable Instant confirmedAt,
        @Nullable Instant activatedAt,
        @Nullable Instant signFrom,
        @Nullable Instant signUntil,
        @Nullable Instant retiringAt,
        @Nullable Instant retiredAt,
        @Nullable Instant revokedAt,
        boolean wanted,
        boolean hurried,
        @Nullable Emergency emergency) {
    /**
     * Why it was made: to take over from keys that must not be trusted any more.
     *
     * @param kids these keys
     */
    public record Emergency(Instant since, List<String> kids) {
        public Emergency {
            kids = List.copyOf(kids);
        }
    }
}
