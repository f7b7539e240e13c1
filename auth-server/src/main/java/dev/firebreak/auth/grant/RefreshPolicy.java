package dev.firebreak.auth.grant;

import dev.firebreak.auth.grant.RefreshDecision.End;
import dev.firebreak.auth.grant.RefreshDecision.EndReason;
import dev.firebreak.auth.grant.RefreshDecision.Refusal;
import dev.firebreak.auth.grant.RefreshDecision.Refuse;
import dev.firebreak.auth.grant.RefreshDecision.Repeat;
import dev.firebreak.auth.grant.RefreshDecision.Rotate;
import java.time.Duration;
import java.time.Instant;

/**
 * The rules of refresh families, as a pure function: a lost answer can always be asked for again, and a thief is noticed.
 * The reasons, and what this cannot notice, are in the ADR "refresh families".
 *
 * @param confidential the client proves who it is. A public client does not, so that for it a late parent is reuse
 */
record RefreshPolicy(boolean confidential) {
    /** Requests that cross, retries and a second browser tab all fit in; a thief's phase seldom does. */
    static final Duration GRACE = Duration.ofSeconds(30);

    /**
     * So many generations in a row with a late replay are no accident: with 5 % of all answers lost, five in a row
     * happen once in three million renewals.
     */
    static final int LATE_REPLAYS_IN_A_ROW = 5;

    RefreshDecision decide(FamilyRow family, long presented, Instant now) {
        if (family.revokedAt() != null) {
            return new Refuse(Refusal.ENDED);
        }
        if (family.isOverAt(now)) {
            return new Refuse(Refusal.EXPIRED);
        }
        long behind = family.generation() - presented;
        if (behind <= 0) {
            // Ahead of the row: only after the database was restored to an earlier state. The MAC proves that we made
            // the token, and trouble of ours is never a verdict.
            return new Rotate(presented + 1, behind == 0 ? lateReplaysKept(family) : 0);
        }
        boolean graceful = !now.isAfter(family.rotatedAt().plus(GRACE));
        if (graceful && behind <= 2) {
            return new Repeat(family.generation(), false);
        }
        if (behind == 1 && confidential) {
            return lateParent(family);
        }
        return new End(EndReason.REUSE);
    }

    private static RefreshDecision lateParent(FamilyRow family) {
        if (family.lastLateGeneration() == family.generation()) {
            return new Repeat(family.generation(), false);
        }
        return family.lateReplays() + 1 >= LATE_REPLAYS_IN_A_ROW
                ? new End(EndReason.LOCK_STEP)
                : new Repeat(family.generation(), true);
    }

    private static int lateReplaysKept(FamilyRow family) {
        return family.lastLateGeneration() == family.generation() ? family.lateReplays() : 0;
    }
}
