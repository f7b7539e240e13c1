package dev.firebreak.auth.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which tokens were used since that was last written. Noting costs no statement and no lock that others wait for; a loop
 * writes, for each row once a minute at most. What a node that dies had noted is lost: it would only have been shown.
 */
final class LastUse {
    private static final Duration PRECISION = Duration.ofMinutes(1);
    private static final int MOST = 50_000;
    private static final int BATCH = 500;

    private final TokenRepository rows;
    private final InstantSource clock;
    private final Set<UUID> used = ConcurrentHashMap.newKeySet();
    private final Cache<UUID, Instant> written =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(PRECISION).build();

    LastUse(TokenRepository rows, InstantSource clock) {
        this.rows = rows;
        this.clock = clock;
    }

    void note(UUID row, Instant now) {
        Instant before = written.getIfPresent(row);
        boolean isDue = before == null || !now.isBefore(before.plus(PRECISION));
        if (isDue && used.size() < MOST) {
            used.add(row);
        }
    }

    /** Writes what was noted. */
    void write() {
        List<UUID> noted = new ArrayList<>(used);
        for (int from = 0; from < noted.size(); from += BATCH) {
            Set<UUID> batch = new HashSet<>(noted.subList(from, Math.min(from + BATCH, noted.size())));
            Instant now = clock.instant();
            rows.used(batch, now);
            used.removeAll(batch);
            batch.forEach(row -> written.put(row, now));
        }
    }
}
