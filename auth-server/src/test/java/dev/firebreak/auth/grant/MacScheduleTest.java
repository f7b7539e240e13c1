package dev.firebreak.auth.grant;

import static dev.firebreak.auth.grant.MacKeyState.MAKING;
import static dev.firebreak.auth.grant.MacKeyState.OLD;
import static dev.firebreak.auth.grant.MacKeyState.VERIFYING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.grant.MacSchedule.Step;
import dev.firebreak.auth.node.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A rotation as a timeline: what is due at which moment. */
class MacScheduleTest {
    static final Instant ORDER = Instant.parse("2026-11-01T09:00:00Z");
    static final MacKey MAKES = new MacKey("m1", MAKING, ORDER.minus(Duration.ofDays(100)), null);
    static final MacKey NEW = new MacKey("m2", VERIFYING, ORDER, null);

    @Test
    void nothingIsDueBeforeAnOrder() {
        assertThat(MacSchedule.due(List.of(MAKES), List.of(node("a", "m1")), at(0)))
                .isEmpty();
        assertThat(MacSchedule.due(List.of(MAKES), List.of(node("a", "m1")), at(1000)))
                .isEmpty();
        assertThat(MacSchedule.asksWhoLives(List.of(MAKES))).isFalse();
        assertThat(MacSchedule.asksWhoLives(List.of(MAKES, NEW))).isTrue();
    }

    @Test
    void aNewKeyWaitsForEveryNodeHoweverLongThatTakes() {
        List<MacKey> keys = List.of(MAKES, NEW);

        for (int day : new int[] {0, 1, 365}) {
            assertThat(MacSchedule.due(keys, List.of(node("a", "m1", "m2"), node("b", "m1")), at(day)))
                    .isEmpty();
        }
        assertThat(MacSchedule.waitsFor(NEW, List.of(node("c"), node("a", "m1", "m2"), node("b", "m1"), node("b"))))
                .containsExactly("b", "c");
        assertThat(MacSchedule.waitsFor(MAKES, List.of(node("c")))).isEmpty();
    }

    @Test
    void itMakesTokensWhenTheLastNodeHasIt() {
        assertThat(MacSchedule.due(List.of(MAKES, NEW), List.of(node("a", "m1", "m2"), node("b", "m2", "m1")), at(0)))
                .containsExactly(new Step.Promote("m2", "m1"));
    }

    @Test
    void itMakesTokensAlsoWhereNoKeyDoes() {
        assertThat(MacSchedule.due(List.of(NEW), List.of(node("a", "m2")), at(0)))
                .containsExactly(new Step.Promote("m2", null));
    }

    @Test
    void notKnowingWhoLivesIsNotKnowingThatAllHaveIt() {
        assertThat(MacSchedule.due(List.of(MAKES, NEW), List.of(), at(0))).isEmpty();
    }

    @Test
    void theFormerKeyGoesThirtyDaysAfterItsLastToken() {
        List<MacKey> keys = List.of(
                new MacKey("m1", OLD, MAKES.createdAt(), at(3)), new MacKey("m2", MAKING, NEW.createdAt(), null));

        assertThat(MacSchedule.due(keys, List.of(), at(3))).isEmpty();
        assertThat(MacSchedule.due(keys, List.of(), at(33).minusMillis(1))).isEmpty();
        assertThat(MacSchedule.due(keys, List.of(), at(33))).containsExactly(new Step.Delete("m1"));
    }

    private static Instant at(int day) {
        return ORDER.plus(Duration.ofDays(day));
    }

    private static Node node(String name, String... macKeys) {
        return new Node(name, UUID.randomUUID(), List.of(), List.of(macKeys));
    }
}
