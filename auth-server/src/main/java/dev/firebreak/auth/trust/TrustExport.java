package dev.firebreak.auth.trust;

import dev.firebreak.contracts.trust.TrustAnswer;
import java.util.Optional;

/** Everything that a verifier would get, for those who carry it there by hand. */
public interface TrustExport {
    /** A full answer of the feed, from memory; absent until this node has read keys and revocations. */
    Optional<TrustAnswer> full();
}
