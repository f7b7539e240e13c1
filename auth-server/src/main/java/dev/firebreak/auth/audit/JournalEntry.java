package dev.firebreak.auth.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of the journal.
 *
 * @param seq from 1, without gaps
 * @param at to the microsecond, as the database keeps it
 * @param actor who, in the form of {@link Actor}
 * @param action what was done
 * @param subject to what
 * @param reason why, in the actor's words
 * @param before state before; absent if there was none
 * @param after state after; absent if there is none
 * @param hash SHA-256 over all of this and the hash before it, in lower-case hex
 */
public record JournalEntry(
        long seq,
        Instant at,
        String actor,
        String action,
        Subject subject,
        String reason,
        @Nullable String before,
        @Nullable String after,
        String hash) {}
