package dev.firebreak.auth.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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

    /** A verifier, and how long it took from the commit until it was known to have what was ordered. */
    public record Effective(String verifier, Duration after) {}

    /**
     * What was seen.
     *
     * @param effective the quickest first
     * @param missing live verifiers that did not have it when the watch ended
     */
    public record Seen(List<Effective> effective, List<String> missing) {
        public Seen {
            effective = List.copyOf(effective);
            missing = List.copyOf(missing);
        }
    }

    /**
     * Waits until every live verifier has a revocation, 5 s at most; to be called right after the commit.
     *
     * @param seq the revocation's number
     */
    public Seen watchRevocation(long seq) {
        return watch(REVOCATION_WITHIN, verifier -> verifier.cursor() >= seq);
    }

    /** Waits until every live verifier has it, or for so long; to be called right after the commit. */
    public Seen watch(Duration longest, Predicate<Verifier> has) {
        Instant committed = clock.instant();
        List<Effective> effective = new ArrayList<>();
        waitUntil(longest, () -> {
            verifiers.exchangeSoon();
            List<Verifier> live = verifiers.live();
            for (Verifier verifier : live) {
                if (has.test(verifier)
                        && effective.stream().noneMatch(it -> it.verifier().equals(verifier.name()))) {
                    Duration after = Duration.between(committed, verifier.askedAt());
                    effective.add(new Effective(verifier.name(), after.isNegative() ? Duration.ZERO : after));
                }
            }
            return live.stream().allMatch(has);
        });
        effective.sort(Comparator.comparing(Effective::after));
        return new Seen(
                effective,
                verifiers.live().stream()
                        .filter(has.negate())
                        .map(Verifier::name)
                        .toList());
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
