package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.grant.RefreshDecision.End;
import dev.firebreak.auth.grant.RefreshDecision.EndReason;
import dev.firebreak.auth.grant.RefreshDecision.Refusal;
import dev.firebreak.auth.grant.RefreshDecision.Refuse;
import dev.firebreak.auth.grant.RefreshDecision.Repeat;
import dev.firebreak.auth.grant.RefreshDecision.Rotate;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The rules one by one, at fixed times. */
class RefreshPolicyTest {
    static final Instant ROTATED = Instant.parse("2026-11-23T10:00:00Z");
    static final RefreshPolicy CONFIDENTIAL = new RefreshPolicy(true);
    static final RefreshPolicy PUBLIC = new RefreshPolicy(false);

    @Test
    void rotatesTheNewest() {
        assertThat(CONFIDENTIAL.decide(family(7), 7, ROTATED.plusSeconds(300))).isEqualTo(new Rotate(8, 0));
        assertThat(PUBLIC.decide(family(7), 7, ROTATED.plusSeconds(300))).isEqualTo(new Rotate(8, 0));
    }

    @Test
    void repeatsTheNewestForItsParent() {
        assertThat(CONFIDENTIAL.decide(family(7), 6, ROTATED)).isEqualTo(new Repeat(7, false));
        assertThat(CONFIDENTIAL.decide(family(7), 6, ROTATED.plusSeconds(30))).isEqualTo(new Repeat(7, false));
        assertThat(CONFIDENTIAL.decide(family(7), 6, ROTATED.plusMillis(30_001)))
                .isEqualTo(new Repeat(7, true));
        assertThat(CONFIDENTIAL.decide(family(7), 6, ROTATED.plus(Duration.ofDays(9))))
                .isEqualTo(new Repeat(7, true));
    }

    @Test
    void countsALateReplayOncePerGeneration() {
        FamilyRow counted = family(7, 1, 7);

        assertThat(CONFIDENTIAL.decide(counted, 6, ROTATED.plusSeconds(60))).isEqualTo(new Repeat(7, false));
    }

    @Test
    void keepsTheCountOnlyIfTheGenerationSpentHadALateReplay() {
        assertThat(CONFIDENTIAL.decide(family(7, 3, 7), 7, ROTATED.plusSeconds(60)))
                .isEqualTo(new Rotate(8, 3));
        assertThat(CONFIDENTIAL.decide(family(7, 3, 6), 7, ROTATED.plusSeconds(60)))
                .isEqualTo(new Rotate(8, 0));
    }

    @Test
    void endsAtTheFifthLateReplayInARow() {
        assertThat(CONFIDENTIAL.decide(family(7, 3, 6), 6, ROTATED.plusSeconds(31)))
                .isEqualTo(new Repeat(7, true));
        assertThat(CONFIDENTIAL.decide(family(8, 4, 7), 7, ROTATED.plusSeconds(31)))
                .isEqualTo(new End(EndReason.LOCK_STEP));
    }

    @Test
    void forgivesTheGrandparentForThirtySeconds() {
        assertThat(CONFIDENTIAL.decide(family(7), 5, ROTATED.plusSeconds(30))).isEqualTo(new Repeat(7, false));
        assertThat(CONFIDENTIAL.decide(family(7), 5, ROTATED.plusMillis(30_001)))
                .isEqualTo(new End(EndReason.REUSE));
    }

    @Test
    void endsAtOnceForAnythingOlder() {
        assertThat(CONFIDENTIAL.decide(family(7), 4, ROTATED)).isEqualTo(new End(EndReason.REUSE));
        assertThat(PUBLIC.decide(family(7), 1, ROTATED)).isEqualTo(new End(EndReason.REUSE));
    }

    @Test
    void givesPublicClientsTheWindowAndNothingMore() {
        assertThat(PUBLIC.decide(family(7), 6, ROTATED.plusSeconds(30))).isEqualTo(new Repeat(7, false));
        assertThat(PUBLIC.decide(family(7), 5, ROTATED.plusSeconds(30))).isEqualTo(new Repeat(7, false));
        assertThat(PUBLIC.decide(family(7), 6, ROTATED.plusMillis(30_001))).isEqualTo(new End(EndReason.REUSE));
    }

    @Test
    void refusesWhatIsOverWhateverIsPresented() {
        FamilyRow idle = new FamilyRow(7, ROTATED, 0, 0, ROTATED.plusSeconds(10), ROTATED.plusSeconds(99), null);
        FamilyRow old = new FamilyRow(7, ROTATED, 0, 0, ROTATED.plusSeconds(10), ROTATED.plusSeconds(10), null);
        FamilyRow ended = new FamilyRow(7, ROTATED, 0, 0, ROTATED.plusSeconds(99), ROTATED.plusSeconds(99), ROTATED);

        for (long presented = 1; presented <= 8; presented++) {
            assertThat(CONFIDENTIAL.decide(idle, presented, ROTATED.plusSeconds(10)))
                    .isEqualTo(new Refuse(Refusal.EXPIRED));
            assertThat(CONFIDENTIAL.decide(old, presented, ROTATED.plusSeconds(10)))
                    .isEqualTo(new Refuse(Refusal.EXPIRED));
            assertThat(CONFIDENTIAL.decide(ended, presented, ROTATED)).isEqualTo(new Refuse(Refusal.ENDED));
        }
        assertThat(CONFIDENTIAL.decide(idle, 7, ROTATED.plusMillis(9_999))).isEqualTo(new Rotate(8, 0));
    }

    @Test
    void followsATokenThatARestoredDatabaseHasForgotten() {
        assertThat(CONFIDENTIAL.decide(family(7, 3, 7), 9, ROTATED.plusSeconds(60)))
                .isEqualTo(new Rotate(10, 0));
    }

    @Test
    void toleratesAnotherNodesClockBehindOurs() {
        assertThat(CONFIDENTIAL.decide(family(7), 6, ROTATED.minusSeconds(2))).isEqualTo(new Repeat(7, false));
    }

    static FamilyRow family(long generation) {
        return family(generation, 0, 0);
    }

    static FamilyRow family(long generation, int late, long lastLate) {
        return new FamilyRow(
                generation,
                ROTATED,
                late,
                lastLate,
                ROTATED.plus(Duration.ofDays(14)),
                ROTATED.plus(Duration.ofDays(30)),
                null);
    }
}
