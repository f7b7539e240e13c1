package dev.firebreak.auth.node;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a node has had the database without a break, by the database's clock. Immutable.
 *
 * @param since first report after the start or after the last break
 * @param reportedAt last report
 */
record Contact(Instant since, Instant reportedAt) {
    /**
     * More than one pause between two reports (at most 20 s and half as much) and a slow statement: a report that comes
     * later than this came after an outage.
     */
    static final Duration BREAK = Duration.ofSeconds(45);

    /** Before the first report. */
    static final Contact NONE = new Contact(Instant.EPOCH, Instant.EPOCH);

    /** After another report. */
    Contact reported(Instant at) {
        boolean unbroken = !at.isAfter(reportedAt.plus(BREAK));
        return new Contact(unbroken ? since : at, at);
    }
}
