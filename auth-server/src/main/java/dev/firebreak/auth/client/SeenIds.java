package dev.firebreak.auth.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Remembers for a while which ids were seen, exactly and with bounded memory: two generations of a set, the older dropped
 * as a whole. When a generation is full it refuses instead of forgetting, because a forgotten id could be used again.
 * Thread-safe; a marker is seen by exactly one caller.
 */
final class SeenIds {
    private final Duration rememberFor;
    private final int maxPerGeneration;
    private final AtomicReference<Generations> generations;

    private record Generations(Instant since, Set<String> current, Set<String> previous) {
        Generations next(Instant now, Duration rememberFor) {
            boolean previousIsDead = !now.isBefore(since.plus(rememberFor.multipliedBy(2)));
            return new Generations(now, ConcurrentHashMap.newKeySet(), previousIsDead ? Set.of() : current);
        }
    }

    /** What became of an id. */
    enum Mark {
        FIRST,
        REPLAYED,
        FULL
    }

    /**
     * @param rememberFor least time an id is remembered; at most twice that
     */
    SeenIds(Duration rememberFor, int maxPerGeneration, Instant now) {
        this.rememberFor = rememberFor;
        this.maxPerGeneration = maxPerGeneration;
        this.generations = new AtomicReference<>(new Generations(now, ConcurrentHashMap.newKeySet(), Set.of()));
    }

    /** Marks an id as seen. */
    Mark mark(String id, Instant now) {
        Generations at = turnedTo(now);
        if (at.previous().contains(id)) {
            return Mark.REPLAYED;
        }
        if (at.current().size() >= maxPerGeneration) {
            return at.current().contains(id) ? Mark.REPLAYED : Mark.FULL;
        }
        if (!at.current().add(id)) {
            return Mark.REPLAYED;
        }
        // If the generations turned meanwhile, another thread may have looked before this one wrote: say it again in
        // the
        // new one, where exactly one of both wins.
        Generations after = generations.get();
        return after == at || after.current().add(id) ? Mark.FIRST : Mark.REPLAYED;
    }

    /** Ids remembered. */
    int size() {
        Generations at = generations.get();
        return at.current().size() + at.previous().size();
    }

    private Generations turnedTo(Instant now) {
        Generations at = generations.get();
        while (!now.isBefore(at.since().plus(rememberFor))) {
            generations.compareAndSet(at, at.next(now, rememberFor));
            at = generations.get();
        }
        return at;
    }
}
