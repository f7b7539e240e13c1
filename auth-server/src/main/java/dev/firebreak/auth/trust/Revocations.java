package dev.firebreak.auth.trust;

import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes back what verifiers accept; joins the caller's transaction and reaches every verifier through the feed. */
public interface Revocations {
    /**
     * Adds one revocation. It is dropped when the last token issued before now has expired.
     *
     * @param issuedBefore only tokens issued before this; absent = all
     * @return its number; a verifier whose cursor has reached it has it
     */
    long revoke(Revocation.Kind kind, String value, @Nullable Instant issuedBefore);

    /** Number of the last revocation that the caller's transaction sees; who has it has all that were before. */
    long last();
}
