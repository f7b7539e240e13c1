package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.LaneShares;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of a gate, as functions of counts by the lanes' ordinals. Connections and places in the queue are lent to
 * whoever asks, and taken back: a connection when it is released, a place by refusing the borrower's waiter.
 */
final class GatePolicy {
    /**
     * A queue that has not been empty for so long is no burst but overload. From then on it borrows no places: nobody joins
     * it beyond its lane's own, and what is longer is served newest first, because the oldest ones have used up most of their
     * time, and serving them in turn would make everybody late. Down to its own places it is served in turn: whoever waits
     * at the bottom of a stack under overload waits until the time is over (ADR 16).
     */
    static final Duration STANDING = Duration.ofMillis(100);

    private final LaneShares connections;
    private final LaneShares places;

    GatePolicy(int size, int maxWaiters) {
        this.connections = LaneShares.of(size);
        this.places = LaneShares.of(maxWaiters);
    }

    /** What comes of a lane's wish to wait. */
    sealed interface Place {
        /** There is room. */
        record Free() implements Place {}

        /** There is room once a waiter of that lane is refused, which waits on a borrowed place. */
        record TakenBackFrom(Lane borrower) implements Place {}

        /** There is none. */
        record None() implements Place {}
    }

    LaneShares connections() {
        return connections;
    }

    LaneShares places() {
        return places;
    }

    /** The lane whose waiter gets a freed connection: first lanes below their guarantee, then simply the first. */
    @Nullable
    Lane next(int[] active, int[] waiting) {
        Lane first = null;
        for (Lane lane : Lane.IN_ORDER) {
            int i = lane.ordinal();
            if (waiting[i] > 0) {
                if (active[i] < connections.of(lane)) {
                    return lane;
                }
                first = first == null ? lane : first;
            }
        }
        return first;
    }

    /**
     * Where a newcomer of the lane may wait.
     *
     * @param standing whether that lane's queue stands
     */
    Place place(Lane lane, boolean standing, int[] waiting) {
        if (standing && waiting[lane.ordinal()] >= standingPlaces(lane)) {
            return new Place.None();
        }
        int taken = 0;
        for (int count : waiting) {
            taken += count;
        }
        if (taken < places.total()) {
            return new Place.Free();
        }
        if (waiting[lane.ordinal()] < places.of(lane)) {
            for (Lane borrower : Lane.IN_ORDER.reversed()) {
                if (waiting[borrower.ordinal()] > places.of(borrower)) {
                    return new Place.TakenBackFrom(borrower);
                }
            }
        }
        return new Place.None();
    }

    /** Whether so many waiters of a lane are served newest first. */
    boolean isNewestFirst(Lane lane, boolean standing, int waiters) {
        return standing && waiters > standingPlaces(lane);
    }

    /** A lane without a place of its own has one, or its queue could never stand and still be served. */
    private int standingPlaces(Lane lane) {
        return Math.max(1, places.of(lane));
    }

    /** Whether a queue that became non-empty at the one time is overload at the other. */
    static boolean isStanding(long nonEmptySinceNanos, long nowNanos) {
        return nowNanos - nonEmptySinceNanos >= STANDING.toNanos();
    }
}
