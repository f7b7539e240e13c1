package dev.firebreak.trust;

import java.util.Optional;

/** Where a verifier reads its trust data: the feed in production, a fixed snapshot in tests. Never blocks. */
public interface TrustSource {
    /** The newest snapshot, absent until one was read for the first time. */
    Optional<TrustSnapshot> current();

    /** Asks for one early refresh; rate-limited and shared, returns at once. */
    void refreshSoon();
}
