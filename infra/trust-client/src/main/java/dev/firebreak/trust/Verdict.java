package dev.firebreak.trust;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a verifier says of a token: accepted, refused with proof, or not to be judged now. */
public sealed interface Verdict {
    /** The token is valid here and now. */
    record Accepted(VerifiedToken token) implements Verdict {}

    /**
     * Positive proof that the token is bad: answer 401.
     *
     * @param reason which proof
     * @param revokedBy what was revoked, if {@code reason} is {@link AuthError#TOKEN_REVOKED}
     */
    record Refused(AuthError reason, Revocation.@Nullable Kind revokedBy) implements Verdict {}

    /** Nothing is proved either way, for want of fresh trust data: answer 503. */
    record Unknown(AuthError reason, Duration retryAfter) implements Verdict {}
}
