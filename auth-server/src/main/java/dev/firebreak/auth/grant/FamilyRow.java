package dev.firebreak.auth.grant;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What decides about a refresh: the changing part of a family's row.
 *
 * @param generation number of the newest token
 * @param rotatedAt when the newest token was made
 * @param lateReplays generations in a row whose parent came back late
 * @param lastLateGeneration the last generation counted in {@code lateReplays}; 0 = none
 * @param idleUntil end if nobody renews
 * @param expiresAt end in any case
 * @param revokedAt when it was ended; absent = it lives
 */
record FamilyRow(
        long generation,
        Instant rotatedAt,
        int lateReplays,
        long lastLateGeneration,
        Instant idleUntil,
        Instant expiresAt,
        @Nullable Instant revokedAt) {

    boolean isOverAt(Instant now) {
        return !now.isBefore(idleUntil) || !now.isBefore(expiresAt);
    }
}
