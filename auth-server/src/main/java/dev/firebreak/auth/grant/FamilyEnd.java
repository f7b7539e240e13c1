package dev.firebreak.auth.grant;

import dev.firebreak.auth.grant.FamilyRepository.Touched;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Ends the families that a leaked key may have touched. First all whose rows are free, many at a time and without a wait; then
 * the others one by one, standing in the row's queue like everybody else. Who refreshes one family without a pause keeps its row
 * locked but cannot keep others out of that queue.
 */
final class FamilyEnd {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyEnd.class);

    /** Why a family ended. */
    static final String REASON = "mac_key_revoked";

    /** Families in one statement: their rows are locked meanwhile. */
    private static final int BATCH = 2_000;

    /** Busy rows between two looks at all of them. */
    private static final int FEW = 100;

    /** For busy rows. Refreshes hold a row for milliseconds, and the role lets one wait last for a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final UUID LOWEST = new UUID(0, 0);

    private final FamilyRepository families;

    FamilyEnd(FamilyRepository families) {
        this.families = families;
    }

    /**
     * What came of it.
     *
     * @param alive families whose rows somebody held all the time
     */
    record Outcome(long ended, long alive) {}

    /** @param now the time of the order: what idles out by then needs no end */
    Outcome of(Touched touched, Instant now) {
        long ended = endFree(touched, now);
        long end = System.nanoTime() + PATIENCE.toNanos();
        List<UUID> busy = families.findLive(touched, now, FEW);
        while (!busy.isEmpty() && System.nanoTime() - end < 0) {
            for (UUID family : busy) {
                if (System.nanoTime() - end < 0 && endBusy(family, now)) {
                    ended++;
                }
            }
            ended += endFree(touched, now);
            busy = families.findLive(touched, now, FEW);
        }
        long alive = busy.isEmpty() ? 0 : families.countLive(touched, now);
        if (alive > 0) {
            LOG.error("{} families that a leaked key may have touched live on: their rows are held", alive);
        }
        return new Outcome(ended, alive);
    }

    private long endFree(Touched touched, Instant now) {
        long ended = 0;
        @Nullable UUID last = LOWEST;
        while (last != null) {
            FamilyRepository.Batch batch = families.endFree(touched, REASON, now, last, BATCH);
            ended += batch.ended();
            last = batch.last();
        }
        return ended;
    }

    private boolean endBusy(UUID family, Instant now) {
        try {
            return families.end(family, REASON, now);
        } catch (DataAccessException e) {
            // Held as long as the role may wait, or worse: of that the next look tells.
            LOG.warn("Family {} is not ended yet: {}", family, e.getMessage());
            return false;
        }
    }
}
