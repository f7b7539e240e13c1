package dev.firebreak.trust;

import dev.firebreak.contracts.error.AuthError;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/** Counts verdicts without making requests wait for each other. */
final class VerdictCounters {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final Map<AuthError, LongAdder> refused = Collections.unmodifiableMap(Arrays.stream(AuthError.values())
            .collect(Collectors.toMap(
                    reason -> reason, reason -> new LongAdder(), (a, b) -> a, () -> new EnumMap<>(AuthError.class))));

    void hit() {
        hits.increment();
    }

    void miss() {
        misses.increment();
    }

    Verdict count(Verdict verdict) {
        switch (verdict) {
            case Verdict.Accepted accepted -> {}
            case Verdict.Refused refusal -> count(refusal.reason());
            case Verdict.Unknown unknown -> count(unknown.reason());
        }
        return verdict;
    }

    VerifierStats stats() {
        Map<AuthError, Long> reasons = new EnumMap<>(AuthError.class);
        refused.forEach((reason, count) -> {
            if (count.sum() > 0) {
                reasons.put(reason, count.sum());
            }
        });
        return new VerifierStats(hits.sum(), misses.sum(), reasons);
    }

    private void count(AuthError reason) {
        LongAdder counter = refused.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }
}
