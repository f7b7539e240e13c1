package dev.firebreak.starter.gate;

import dev.firebreak.starter.lane.Lane;
import java.util.Arrays;

/** A gate at one moment. */
public final class GateCounts {
    private final int[] active;
    private final int[] waiting;

    GateCounts(int[] active, int[] waiting) {
        this.active = active;
        this.waiting = waiting;
    }

    /** Permits held. */
    public int active() {
        return Arrays.stream(active).sum();
    }

    /** Threads that wait. */
    public int waiting() {
        return Arrays.stream(waiting).sum();
    }

    public int active(Lane lane) {
        return active[lane.ordinal()];
    }

    public int waiting(Lane lane) {
        return waiting[lane.ordinal()];
    }
}
