package dev.firebreak.auth.signing;

import dev.firebreak.auth.trust.Verifier;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What comes next, and when: pure functions of the keys, the policy, what verifiers acknowledged, and the time. */
final class KeySchedule {
    private KeySchedule() {}

    /** What can be done to a key by itself. */
    enum Step {
        PREPARE,
        PUBLISH,
        CONFIRM,
        ACTIVATE,
        TAKE_OVER,
        RETIRE;

        String wireName() {
            return switch (this) {
                case PREPARE -> "prepare";
                case PUBLISH -> "publish";
                case CONFIRM -> "confirm";
                case ACTIVATE -> "activate";
                case TAKE_OVER -> "take_over";
                case RETIRE -> "retire";
            };
        }
    }

    /**
     * A step that is due at some time.
     *
     * @param kid absent = a key that does not exist yet
     * @param at not before; a time that has passed = as soon as nothing is waited for
     * @param waitsFor verifiers that must acknowledge the key first
     */
    record Planned(Step step, @Nullable String kid, Instant at, List<String> waitsFor, String why) {
        boolean isDue(Instant now) {
            return !now.isBefore(at) && waitsFor.isEmpty();
        }
    }

    /** Everything foreseeable, in the order in which it will happen. */
    static List<Planned> plan(KeyTable table, KeyPolicy policy, List<Verifier> verifiers, Instant now) {
        List<Planned> steps = new ArrayList<>();
        table.next()
                .ifPresentOrElse(
                        next -> published(steps, next, table, policy, verifiers, now),
                        () -> unpublished(steps, table, policy, now));
        for (SigningKey key : table.in(KeyState.RETIRING)) {
            Instant since = key.retiringAt();
            steps.add(new Planned(
                    Step.RETIRE,
                    key.kid(),
                    policy.lastTokenExpired(since == null ? now : since),
                    List.of(),
                    "its last token has expired by then"));
        }
        steps.sort(Comparator.comparing(Planned::at));
        return List.copyOf(steps);
    }

    private static void unpublished(List<Planned> steps, KeyTable table, KeyPolicy policy, Instant now) {
        Instant rotation = policy.rotationAt(table.active(), now);
        Instant publication = table.active() == null ? now : rotation.minus(policy.publishAhead());
        SigningKey staged = table.newest(KeyState.STAGED).orElse(null);
        if (staged == null) {
            steps.add(new Planned(Step.PREPARE, null, publication, List.of(), "the schedule needs another key"));
        } else if (staged.wanted()) {
            publication = now;
        }
        String kid = staged == null ? null : staged.kid();
        steps.add(new Planned(Step.PUBLISH, kid, publication, List.of(), "verifiers get it ahead of its first token"));
        Instant known = policy.knownToThirdParties(later(publication, now));
        Instant at = staged != null && staged.wanted() ? known : later(rotation, known);
        steps.add(new Planned(Step.ACTIVATE, kid, policy.afterFreezes(at), List.of(), "it takes over"));
    }

    private static void published(
            List<Planned> steps,
            SigningKey next,
            KeyTable table,
            KeyPolicy policy,
            List<Verifier> verifiers,
            Instant now) {
        SigningKey.Emergency emergency = next.emergency();
        if (emergency != null) {
            // Whoever ordered it does this earlier, unless it died or ran out of time.
            steps.add(new Planned(
                    Step.TAKE_OVER,
                    next.kid(),
                    emergency.since().plus(KeyPolicy.EMERGENCY_WAIT).plusSeconds(2),
                    List.of(),
                    "an emergency was ordered and not finished"));
            return;
        }
        Instant publishedAt = next.publishedAt() == null ? now : next.publishedAt();
        List<String> missing = missing(next, verifiers);
        if (next.confirmedAt() == null) {
            steps.add(new Planned(
                    Step.CONFIRM, next.kid(), publishedAt, missing, "every live verifier has acknowledged it"));
        }
        Instant at;
        String why;
        if (next.hurried() || table.active() == null) {
            at = publishedAt;
            why = table.active() == null ? "no key is active" : "ordered, without waiting for third parties";
        } else if (next.wanted()) {
            at = policy.afterFreezes(policy.knownToThirdParties(publishedAt));
            why = "ordered, once third parties have had the time to fetch it";
        } else {
            Instant rotation = policy.rotationAt(table.active(), now);
            at = policy.afterFreezes(later(rotation, policy.knownToThirdParties(publishedAt)));
            why = "it takes over by the schedule";
        }
        steps.add(new Planned(Step.ACTIVATE, next.kid(), at, missing, why));
    }

    /** Live verifiers that have not acknowledged a published key, by name. */
    static List<String> missing(SigningKey key, List<Verifier> verifiers) {
        Long version = key.publishedVersion();
        if (version == null) {
            return verifiers.stream().map(Verifier::name).toList();
        }
        return verifiers.stream()
                .filter(verifier -> verifier.keysVersion() < version)
                .map(Verifier::name)
                .toList();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
