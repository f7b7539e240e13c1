package dev.firebreak.auth.trust;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Watches an order reach the verifiers. From memory only: the request's own deadline, which bounds its use of the
 * database, may have passed by then. Holds the caller's thread and its place among the requests in flight, so only so many
 * watch at a time; must hold no transaction.
 */
public final class EffectWatch {
    private static final Duration LOOK_EVERY = Duration.ofMillis(100);

    /** No verifier may accept for longer what was taken back; whoever takes longer is named. */
    private static final Duration REVOCATION_WITHIN = Duration.ofSeconds(5);

    private final Verifiers verifiers;
    private final InstantSource clock;
    private final int most;
    private final Semaphore places;

    /** @param most watches at a time; a further one looks once and answers */
    public EffectWatch(Verifiers verifiers, int most, InstantSource clock) {
        this.verifiers = verifiers;
        this.clock = clock;
        this.most = most;
        this.places = new Semaphore(most);
    }

    /**
     * Shows how many watch at the moment.
     *
     * @param orders what they ordered: the label
     */
    public EffectWatch measuredAs(String orders, MeterRegistry metrics) {
        Gauge.builder("auth.trust.watches", this, it -> it.most - it.places.availablePermits())
                .tag("orders", orders)
                .description("Orders that wait until verifiers obey, 7 s at most")
                .register(metrics);
        return this;
    }

    /** Of an answer that no verifier is missing, while {@link Verifiers#isKnown} is false. */
    public static final String UNKNOWN =
            "This node does not know yet which verifiers there are: others than those named may lack it.";

    /** Of an order that found no place to watch. */
    static final String CROWDED =
            "It is carried out. Too many orders are watched at the moment, so nobody waited for the verifiers that are missing.";

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

    /**
     * Waits until every live verifier is known and has it, or for so long; to be called right after the commit. Does not
     * wait while too many do: everybody who does not have it yet is missing then.
     */
    public Seen watch(Duration longest, Predicate<Verifier> has) {
        Watched watched = new Watched(clock.instant(), has);
        if (!places.tryAcquire()) {
            watched.look(verifiers);
            return watched.seen(watched.isOver() ? List.of() : List.of(CROWDED));
        }
        try {
            waitUntil(longest, () -> {
                verifiers.exchangeSoon();
                watched.look(verifiers);
                return watched.isOver();
            });
        } finally {
            places.release();
        }
        return watched.seen(List.of());
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

        boolean isOver() {
            return known && missing.isEmpty();
        }

        Seen seen(List<String> says) {
            return new Seen(
                    effective.entrySet().stream()
                            .map(it -> new Effective(it.getKey(), it.getValue()))
                            .sorted(Comparator.comparing(Effective::after).thenComparing(Effective::verifier))
                            .toList(),
                    missing,
                    known
                            ? says
                            : Stream.concat(says.stream(), Stream.of(UNKNOWN)).toList());
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
