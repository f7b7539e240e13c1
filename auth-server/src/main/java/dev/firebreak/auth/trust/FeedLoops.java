package dev.firebreak.auth.trust;

import dev.firebreak.auth.platform.Loop;

/** The two reads that the feed stands on. */
record FeedLoops(VerificationKeys keys, Loop revocations) {
    /** Asks for both as soon as possible; returns at once. */
    void lookAgain() {
        keys.refreshSoon();
        revocations.runSoon();
    }
}
