package dev.firebreak.auth.trust;

import dev.firebreak.contracts.trust.PublishedKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The public halves that verifiers accept, as this node last read them. Implemented by the module that owns the keys. */
public interface VerificationKeys {
    /**
     * All keys that may verify, at one version.
     *
     * @param epoch of the database that they were read from
     * @param version changes with each move of a key, and only then
     * @param keys published, active and retiring ones
     * @param readAt when the read of them began
     */
    record KeySet(UUID epoch, long version, List<PublishedKey> keys, Instant readAt) {
        public KeySet {
            keys = List.copyOf(keys);
        }
    }

    /** Absent until they were read for the first time. Never blocks. */
    Optional<KeySet> current();

    /** Asks for an early read; returns at once. */
    void refreshSoon();

    /** What runs after each read, on the thread that read: must be quick. */
    void onRead(Runnable listener);

    /** How long a set of keys may be kept by those who do not follow the feed: less when a change is near. */
    Duration maxAge();
}
