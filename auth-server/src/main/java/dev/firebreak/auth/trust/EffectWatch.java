package dev.firebreak.auth.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Watches an order reach the verifiers. From memory only: the request's own deadline, which bounds its use of the
 * database, may have passed by then. Holds the caller's thread, and must hold no transaction.
 */
public final class EffectWatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** No verifier may accept for longer what was taken back; whoever takes longer is named. */
    private static final Duration REVOCATION_WITHIN = Duration.ofSeconds(5);

    private final Verifiers verifiers;
    private final InstantSource clock;

    public EffectWatch(Verifiers verifiers, InstantSource clock) {
        this.verifiers = verifiers;
        this.clock = clock;
    }

    /** Of an answer that no verifier is missing, while {@link Verifiers#isKnown} is false. */
    public static final String UNKNOWN =
            "This node does not know yet which verifiers there are: others than those named may lack it.";

    /** A verifier, and how long it took from the commit until it was known to have what was ordered. */
    public record Effective(String verifier, Duration after) {}

    /**
     * What was seen.
     *
     * @param effective those that had it when the watch ended, the quickest first
     * @param missing live verifiers that did not; never one of the others
     * @param says what the lists do not tell, a sentence each; none if there is nothing to add
     */
    public record Seen(List<Effective> effective, List<String> missing, List<String> says) {
        public Seen {
            effective = List.copyOf(effective);
            missing = List.copyOf(missing);
            says = List.copyOf(says);
        }

        /** Whether there are verifiers, all of them are known, and all have it. */
        public boolean isEverybody() {
            return !effective.isEmpty() && missing.isEmpty() && says.isEmpty();
        }
    }

    /**
     * Waits until every live verifier is known and has a revocation, 5 s at most; to be called right after the commit.
     *
     * @param seq the revocation's number
     */
    public Seen watchRevocation(long seq) {
        return watch(REVOCATION_WITHIN, verifier -> verifier.cursor() >= seq);
    }

    /** Waits until every live verifier is known and has it, or for so long; to be called right after the commit. */
    public Seen watch(Duration longest, Predicate<Verifier> has) {
        Watched watched = new Watched(clock.instant(), has);
        waitUntil(longest, () -> {
            verifiers.exchangeSoon();
            watched.look(verifiers);
            return watched.known && watched.missing.isEmpty();
        });
        return watched.seen();
    }

    /** What one watch saw so far. */
    private static final class Watched {
        private final Instant committed;
        private final Predicate<Verifier> has;
        private final Map<String, Duration> effective = new HashMap<>();
        private List<String> missing = List.of();
        private boolean known;

        Watched(Instant committed, Predicate<Verifier> has) {
            this.committed = committed;
            this.has = has;
        }

        void look(Verifiers verifiers) {
            // Asked first: who becomes known in between is then looked at, not overlooked.
            known = verifiers.isKnown();
            List<String> lacking = new ArrayList<>();
            for (Verifier verifier : verifiers.live()) {
                if (has.test(verifier)) {
                    Duration after = Duration.between(committed, verifier.askedAt());
                    effective.putIfAbsent(verifier.name(), after.isNegative() ? Duration.ZERO : after);
                } else {
                    // It may have had it: a verifier that was set up anew, without its state, begins again.
                    effective.remove(verifier.name());
                    lacking.add(verifier.name());
                }
            }
            missing = lacking;
        }

        Seen seen() {
            return new Seen(
                    effective.entrySet().stream()
                            .map(it -> new Effective(it.getKey(), it.getValue()))
                            .sorted(Comparator.comparing(Effective::after).thenComparing(Effective::verifier))
                            .toList(),
                    missing,
                    known ? List.of() : List.of(UNKNOWN));
        }
    }

    /** Real time, not the clock's: a person waits. False if the time ran out, or the thread was interrupted. */
    public static boolean waitUntil(Duration longest, BooleanSupplier condition) {
        long end = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end >= 0 || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
        return true;
    }
}
