package dev.firebreak.auth.trust;

import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The revocations of one epoch, in commit order, as last read. Immutable.
 *
 * @param epoch identity of the database
 * @param cursor number of the last revocation contained
 * @param entries those not yet dropped
 * @param readAt when the read of them began
 */
record RevocationLog(UUID epoch, long cursor, List<Entry> entries, Instant readAt) {
    /** A revocation and its number. */
    record Entry(long seq, Revocation revocation) {}

    RevocationLog {
        entries = List.copyOf(entries);
    }

    /** This log and what came after it, without what has run out. */
    RevocationLog plus(RevocationLog later) {
        List<Entry> all = new ArrayList<>(entries);
        all.addAll(later.entries);
        all.removeIf(entry -> !entry.revocation().until().isAfter(later.readAt));
        return new RevocationLog(epoch, later.cursor, all, later.readAt);
    }

    List<Revocation> after(long seq) {
        return entries.stream()
                .filter(entry -> entry.seq() > seq)
                .map(Entry::revocation)
                .toList();
    }
}
