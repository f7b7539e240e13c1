package dev.firebreak.auth.event;

import dev.firebreak.auth.platform.HeldQuestions;
import dev.firebreak.auth.platform.Loop;

/** Questions to the feed that wait for news, and the read that brings them. */
record EventWaits(HeldQuestions held, Loop reads) {
    /** Asks for an early read; returns at once. */
    void lookAgain() {
        reads.runSoon();
    }
}
