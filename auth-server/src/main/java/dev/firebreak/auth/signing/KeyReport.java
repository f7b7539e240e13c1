package dev.firebreak.auth.signing;

import dev.firebreak.auth.trust.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything an operator looks at.
 *
 * @param version of the key set
 * @param keys newest last
 * @param plan what happens by itself, in order
 */
public record KeyReport(
        long version, Instant now, List<SigningKey> keys, List<Step> plan, Schedule schedule, List<Holder> verifiers) {
    public KeyReport {
        keys = List.copyOf(keys);
        plan = List.copyOf(plan);
        verifiers = List.copyOf(verifiers);
    }

    /**
     * A step to come.
     *
     * @param kid absent = a key that does not exist yet
     * @param waitsFor verifiers that must acknowledge the key first, by name
     */
    public record Step(String step, @Nullable String kid, Instant at, List<String> waitsFor, String why) {}

    /** @param nextRotationAt when the schedule makes another key sign, at the earliest */
    public record Schedule(
            Duration rotateEvery,
            Duration publishAhead,
            Instant nextRotationAt,
            List<Freeze> freezes,
            boolean frozen) {}

    /** A time in which nothing changes by itself; {@code to} is the first moment after it. */
    public record Freeze(Instant from, Instant to, String reason) {}

    /** @param current it has acknowledged this version */
    public record Holder(Verifier verifier, boolean current) {}

    static KeyReport of(KeyTable table, KeyPolicy policy, List<Verifier> verifiers, Instant now) {
        return new KeyReport(
                table.version(),
                now,
                table.keys(),
                KeySchedule.plan(table, policy, verifiers, now).stream()
                        .map(step ->
                                new Step(step.step().wireName(), step.kid(), step.at(), step.waitsFor(), step.why()))
                        .toList(),
                new Schedule(
                        policy.rotateEvery(),
                        policy.publishAhead(),
                        policy.afterFreezes(policy.rotationAt(table.active(), now)),
                        policy.freezes().stream()
                                .map(freeze -> new Freeze(freeze.from(), freeze.to(), freeze.reason()))
                                .toList(),
                        policy.freezeAt(now).isPresent()),
                verifiers.stream()
                        .map(verifier -> new Holder(verifier, verifier.keysVersion() >= table.version()))
                        .toList());
    }
}
