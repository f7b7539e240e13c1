package dev.firebreak.auth.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.trust.Verifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is due when: pure, on a clock that stands still. Day 0 is the activation of the key k1. */
class KeyScheduleTest {
    private static final Instant DAY_0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final KeyPolicy POLICY = TestNode.policy();

    @Test
    void aYoungKeyHasItsSuccessorPlanned() {
        assertThat(plan(at(0), POLICY, List.of(), active("k1", 0)))
                .containsExactly("day 29 prepare a new key", "day 29 publish a new key", "day 30 activate a new key");
    }

    @Test
    void aPublishedKeyIsConfirmedByThoseWhoHaveItAndActivatedOnItsDay() {
        SigningKey next = published("k2", 29, 5);

        assertThat(plan(at(29), POLICY, List.of(verifier("gateway-1", 4)), active("k1", 0), next))
                .containsExactly(
                        "day 29 confirm k2 waits for gateway/gateway-1",
                        "day 30 activate k2 waits for gateway/gateway-1");
        assertThat(plan(at(29), POLICY, List.of(verifier("gateway-1", 5)), active("k1", 0), next))
                .containsExactly("day 29 confirm k2", "day 30 activate k2");
    }

    @Test
    void aKeyPublishedLateStillWaitsItsDayForThirdParties() {
        assertThat(plan(at(33), POLICY, List.of(), active("k1", 0), confirmed(published("k2", 33, 5))))
                .containsExactly("day 34 activate k2");
    }

    @Test
    void aFreezePutsOffTheActivationAndNothingElse() {
        KeyPolicy frozen = TestNode.policy(
                new KeyPolicy.Freeze(at(28), at(35), "sale"), new KeyPolicy.Freeze(at(35), at(36), "stock-taking"));

        assertThat(plan(at(0), frozen, List.of(), active("k1", 0)))
                .containsExactly("day 29 prepare a new key", "day 29 publish a new key", "day 36 activate a new key");
    }

    @Test
    void aKeyThatIsWantedWaitsForThirdPartiesOnlyAndAHurriedOneForNobodyButOurOwn() {
        SigningKey wanted = with(published("k2", 3, 5), true, false);
        SigningKey hurried = with(published("k2", 3, 5), true, true);
        List<Verifier> lacking = List.of(verifier("gateway-1", 4));

        assertThat(plan(at(3), POLICY, List.of(), active("k1", 0), confirmed(wanted)))
                .containsExactly("day 4 activate k2");
        assertThat(plan(at(3), POLICY, lacking, active("k1", 0), hurried))
                .containsExactly(
                        "day 3 confirm k2 waits for gateway/gateway-1",
                        "day 3 activate k2 waits for gateway/gateway-1");
    }

    @Test
    void aRetiringKeyStaysForALeaseAndATokensLifeAndTheSkew() {
        SigningKey old = key("k1", KeyState.RETIRING, 0, null, null, at(30));

        KeySchedule.Planned retirement = KeySchedule.plan(
                        new KeyTable(7, List.of(old, active("k2", 30))), POLICY, List.of(), at(30))
                .getFirst();

        assertThat(retirement.step()).isEqualTo(KeySchedule.Step.RETIRE);
        assertThat(Duration.between(at(30), retirement.at()))
                .isEqualTo(Duration.ofMinutes(15).plusMinutes(15).plusSeconds(30));
        assertThat(retirement.isDue(retirement.at().minusMillis(1))).isFalse();
        assertThat(retirement.isDue(retirement.at())).isTrue();
    }

    @Test
    void withoutAnActiveKeyEverythingIsDueAtOnce() {
        SigningKey revoked = key("k1", KeyState.REVOKED, 0, null, null, null);

        assertThat(plan(at(5), POLICY, List.of(), revoked))
                .startsWith("day 5 prepare a new key", "day 5 publish a new key");
        assertThat(plan(at(5), POLICY, List.of(), revoked, confirmed(published("k2", 5, 9))))
                .containsExactly("day 5 activate k2");
    }

    @Test
    void nothingIsDueWhileSomebodyLacksTheKey() {
        SigningKey next = published("k2", 29, 5);

        assertThat(KeySchedule.plan(
                        new KeyTable(5, List.of(active("k1", 0), next)),
                        POLICY,
                        List.of(verifier("gateway-1", 5), verifier("gateway-2", 4)),
                        at(400)))
                .noneMatch(step -> step.isDue(at(400)))
                .allSatisfy(step -> assertThat(step.waitsFor()).containsExactly("gateway/gateway-2"));
    }

    private static List<String> plan(Instant now, KeyPolicy policy, List<Verifier> verifiers, SigningKey... keys) {
        List<String> lines = new ArrayList<>();
        for (KeySchedule.Planned step : KeySchedule.plan(new KeyTable(5, List.of(keys)), policy, verifiers, now)) {
            lines.add("day %d %s %s%s"
                    .formatted(
                            Duration.between(DAY_0, step.at()).toDays(),
                            step.step().wireName(),
                            step.kid() == null ? "a new key" : step.kid(),
                            step.waitsFor().isEmpty() ? "" : " waits for " + String.join(", ", step.waitsFor())));
        }
        return lines;
    }

    private static Instant at(int day) {
        return DAY_0.plus(Duration.ofDays(day));
    }

    private static Verifier verifier(String instance, long version) {
        return new Verifier("gateway", instance, version, 0, DAY_0);
    }

    private static SigningKey active(String kid, int day) {
        return key(kid, KeyState.ACTIVE, day, null, at(day), null);
    }

    private static SigningKey published(String kid, int day, long version) {
        return new SigningKey(
                kid,
                KeyState.PUBLISHED,
                SigningAlgorithm.ES256,
                at(day),
                at(day),
                version,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                false,
                false,
                null);
    }

    private static SigningKey confirmed(SigningKey key) {
        return new SigningKey(
                key.kid(),
                key.state(),
                key.algorithm(),
                key.createdAt(),
                key.publishedAt(),
                key.publishedVersion(),
                key.createdAt(),
                null,
                null,
                null,
                null,
                null,
                null,
                key.wanted(),
                key.hurried(),
                null);
    }

    private static SigningKey with(SigningKey key, boolean wanted, boolean hurried) {
        return new SigningKey(
                key.kid(),
                key.state(),
                key.algorithm(),
                key.createdAt(),
                key.publishedAt(),
                key.publishedVersion(),
                key.confirmedAt(),
                null,
                null,
                null,
                null,
                null,
                null,
                wanted,
                hurried,
                null);
    }

    private static SigningKey key(
            String kid,
            KeyState state,
            int day,
            @Nullable Instant publishedAt,
            @Nullable Instant activatedAt,
            @Nullable Instant retiringAt) {
        return new SigningKey(
                kid,
                state,
                SigningAlgorithm.ES256,
                at(day),
                publishedAt,
                null,
                null,
                activatedAt,
                null,
                null,
                retiringAt,
                null,
                null,
                false,
                false,
                null);
    }
}
