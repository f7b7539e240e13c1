package dev.firebreak.auth.grant;

/** What to do with a refresh token whose MAC is right. */
sealed interface RefreshDecision {
    /**
     * The newest token was presented: it is spent, its successor is the newest.
     *
     * @param generation number of the successor
     * @param lateReplays count to store: kept if the generation now spent had a late replay, else 0
     */
    record Rotate(long generation, int lateReplays) implements RefreshDecision {}

    /**
     * An answer was lost or two requests crossed: the newest token is given again. Extends nothing.
     *
     * @param generation number of the newest token
     * @param countsLate this is the generation's first late replay; store {@code lateReplays + 1} for it
     */
    record Repeat(long generation, boolean countsLate) implements RefreshDecision {}

    /** Two parties hold the family: it ends, for both. */
    record End(EndReason reason) implements RefreshDecision {}

    /** The family is over; nothing changes. */
    record Refuse(Refusal why) implements RefreshDecision {}

    /** Why a family ends by itself; stored with it. */
    enum EndReason {
        /** A token older than the grandparent of the newest, or a late one of a public client. */
        REUSE("reuse"),
        /** Two holders that renew in lock-step, each behind the other. */
        LOCK_STEP("lock_step");

        private final String wireName;

        EndReason(String wireName) {
            this.wireName = wireName;
        }

        /** Name in the database, the log and metrics. */
        String wireName() {
            return wireName;
        }
    }

    /** Why a family gives no more tokens. */
    enum Refusal {
        ENDED,
        EXPIRED
    }
}
