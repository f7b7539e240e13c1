package dev.firebreak.auth.signing;

import dev.firebreak.auth.trust.Verifiers;
import dev.firebreak.contracts.error.KeyError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due: on each node, but only the one that has the lease acts, one step a transaction. A node that dies
 * leaves nothing half done; another goes on when the lease has run out.
 */
final class KeyRotation {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRotation.class);
    /** Longer than a pause of the loop and a slow statement together, short enough that nobody notices a death. */
    static final Duration LEASE = Duration.ofSeconds(15);

    /** Less would let a change that is put off again and again turn every cache into none. */
    private static final Duration SHORTEST_MAX_AGE = Duration.ofSeconds(30);

    private static final String REASON = "schedule";
    /** Prepare, publish, confirm, activate: more cannot be due at once. */
    private static final int MOST_STEPS = 8;

    private final KeyMoves moves;
    private final Verifiers verifiers;
    private final KeyPolicy policy;
    private final String node;
    private final InstantSource clock;
    private volatile Status status = new Status(false, Duration.ZERO, null);

    KeyRotation(KeyMoves moves, Verifiers verifiers, KeyPolicy policy, String node, InstantSource clock) {
        this.moves = moves;
        this.verifiers = verifiers;
        this.policy = policy;
        this.node = node;
        this.clock = clock;
    }

    /**
     * For metrics, as this node last saw it.
     *
     * @param blocked an activation is due and waits for a verifier
     * @param activeAge how long the active key has been active; zero if none is
     * @param nextChange when the set or the state of its keys changes next, as far as the schedule knows
     */
    record Status(
            boolean blocked, Duration activeAge, @Nullable Instant nextChange) {}

    Status status() {
        return status;
    }

    /**
     * How long third parties may keep the JWKS: the policy's time, but not past the next publication or activation, so
     * that whoever asks before it asks again soon after.
     */
    Duration jwksMaxAge() {
        Instant change = status.nextChange();
        if (change == null) {
            return policy.jwksMaxAge();
        }
        Duration left = Duration.between(clock.instant(), change);
        Duration shortest =
                SHORTEST_MAX_AGE.compareTo(policy.jwksMaxAge()) < 0 ? SHORTEST_MAX_AGE : policy.jwksMaxAge();
        if (left.compareTo(shortest) < 0) {
            return shortest;
        }
        return left.compareTo(policy.jwksMaxAge()) < 0 ? left : policy.jwksMaxAge();
    }

    /** Makes the first key as active, if there is no key at all; true if there is one now. */
    boolean makeFirst() {
        KeyTable table = moves.read();
        if (!table.keys().isEmpty()) {
            return false;
        }
        try {
            moves.move(table, "automatic " + node, "first key", clock.instant(), false, moving -> {
                String kid = moving.prepare(policy.algorithm(), false, false);
                return moving.publish(kid).activate(kid, null, null);
            });
            return true;
        } catch (ServiceException e) {
            if (e.error() == KeyError.CHANGED) {
                // Another node was faster.
                return true;
            }
            throw e;
        }
    }

    /** Everything that is due now and this node may do. */
    void run() {
        Instant now = clock.instant();
        KeyTable table = moves.read();
        if (table.keys().isEmpty()) {
            return;
        }
        note(table, now);
        Optional<Long> fence = moves.repository().takeLease(node, now, LEASE);
        for (int step = 0; fence.isPresent() && step < MOST_STEPS; step++) {
            Optional<KeySchedule.Planned> due = due(table, now);
            if (due.isEmpty() || !act(table, due.get(), fence.get(), now)) {
                return;
            }
            table = moves.read();
        }
    }

    private Optional<KeySchedule.Planned> due(KeyTable table, Instant now) {
        return KeySchedule.plan(table, policy, verifiers.live(), now).stream()
                .filter(step -> step.isDue(now))
                // A step on a key that does not exist yet follows the one that makes it.
                .filter(step -> step.kid() != null || step.step() == KeySchedule.Step.PREPARE)
                // A node that has just started, or lost the database, knows no verifier: that is not the same as none.
                .filter(step -> verifiers.isKnown() || !needsVerifiers(step.step()))
                .findFirst();
    }

    private static boolean needsVerifiers(KeySchedule.Step step) {
        return step == KeySchedule.Step.CONFIRM || step == KeySchedule.Step.ACTIVATE;
    }

    /** False if somebody else moved a key, or took the lease: then this node looks again at its next run. */
    private boolean act(KeyTable table, KeySchedule.Planned due, long fence, Instant now) {
        try {
            moves.move(table, "automatic " + node, REASON + ": " + due.why(), now, false, moving -> {
                if (!moves.repository().holdsLease(fence)) {
                    throw new ServiceException(KeyError.CHANGED, "Another node has the lease.");
                }
                return switch (due.step()) {
                    case PREPARE -> {
                        moving.prepare(policy.algorithm(), false, false);
                        yield moving;
                    }
                    case PUBLISH -> moving.publish(kid(due));
                    case CONFIRM -> moving.confirm(kid(due));
                    case ACTIVATE -> moving.activate(kid(due), table.active(), null);
                    case TAKE_OVER -> {
                        SigningKey next = table.find(kid(due)).orElseThrow();
                        SigningKey.Emergency emergency = next.emergency();
                        yield moving.takeOver(
                                table,
                                next.kid(),
                                emergency == null ? List.of() : emergency.kids(),
                                KeySchedule.missing(next, verifiers.live()).isEmpty() && verifiers.isKnown()
                                        ? null
                                        : KeyOrders.signFrom(next, now));
                    }
                    case RETIRE -> moving.retire(table.find(kid(due)).orElseThrow());
                };
            });
            return true;
        } catch (ServiceException e) {
            if (e.error() != KeyError.CHANGED) {
                throw e;
            }
            LOG.info("Signing keys: {} was left to another node: {}", due.step().wireName(), e.getMessage());
            return false;
        }
    }

    private static String kid(KeySchedule.Planned due) {
        String kid = due.kid();
        if (kid == null) {
            throw new IllegalStateException(due + " names no key");
        }
        return kid;
    }

    private void note(KeyTable table, Instant now) {
        List<KeySchedule.Planned> plan = KeySchedule.plan(table, policy, verifiers.live(), now);
        boolean blocked = plan.stream()
                .anyMatch(step -> step.step() == KeySchedule.Step.ACTIVATE
                        && !now.isBefore(step.at())
                        && !step.waitsFor().isEmpty());
        SigningKey active = table.active();
        Instant since = active == null ? null : active.activatedAt();
        Instant nextChange = plan.stream()
                .filter(step -> step.step() == KeySchedule.Step.PUBLISH || step.step() == KeySchedule.Step.ACTIVATE)
                .map(KeySchedule.Planned::at)
                .findFirst()
                .orElse(null);
        status = new Status(blocked, since == null ? Duration.ZERO : Duration.between(since, now), nextChange);
    }
}
