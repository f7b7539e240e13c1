package dev.firebreak.starter.lane;

/**
 * A whole number of places divided among the lanes by their percentages, by largest remainder; of equal remainders the
 * more important lane's counts first. From four places on, {@link Lane#KEEP} and {@link Lane#USER} have at least one. Pure
 * arithmetic, immutable.
 */
public final class LaneShares {
    private static final int WHOLE = 100;

    private final int total;
    private final int[] shares;

    private LaneShares(int total, int[] shares) {
        this.total = total;
        this.shares = shares;
    }

    /** Divides that many places. */
    public static LaneShares of(int total) {
        int[] shares = new int[Lane.IN_ORDER.size()];
        int[] remainders = new int[shares.length];
        int left = total;
        for (Lane lane : Lane.IN_ORDER) {
            shares[lane.ordinal()] = total * lane.percent() / WHOLE;
            remainders[lane.ordinal()] = total * lane.percent() % WHOLE;
            left -= shares[lane.ordinal()];
        }
        for (; left > 0; left--) {
            int largest = largest(remainders);
            shares[largest]++;
            remainders[largest] = -1;
        }
        return new LaneShares(total, shares);
    }

    private static int largest(int[] remainders) {
        int largest = 0;
        for (int i = 1; i < remainders.length; i++) {
            if (remainders[i] > remainders[largest]) {
                largest = i;
            }
        }
        return largest;
    }

    /** All places. */
    public int total() {
        return total;
    }

    /** Places that the lane is guaranteed; none means that it lives on what others leave idle. */
    public int of(Lane lane) {
        return shares[lane.ordinal()];
    }

    /**
     * Whether the lane may take one more of places that nobody can take back: its own and idle ones of less important
     * lanes, never what is reserved for more important ones.
     *
     * @param used places taken, by the lanes' ordinals
     */
    public boolean admits(Lane lane, int[] used) {
        int free = total;
        for (int places : used) {
            free -= places;
        }
        for (int higher = 0; higher < lane.ordinal(); higher++) {
            free -= Math.max(0, shares[higher] - used[higher]);
        }
        return free > 0;
    }
}
