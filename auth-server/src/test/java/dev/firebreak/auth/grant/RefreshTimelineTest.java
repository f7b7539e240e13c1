package dev.firebreak.auth.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.grant.RefreshDecision.End;
import dev.firebreak.auth.grant.RefreshDecision.Refuse;
import dev.firebreak.auth.grant.RefreshDecision.Repeat;
import dev.firebreak.auth.grant.RefreshDecision.Rotate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whole lives of families on a clock of their own: holders who lose answers, thieves, and random histories compared with a
 * second, naive way to say the same rules.
 */
class RefreshTimelineTest {
    static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
    static final Duration IDLE = Duration.ofDays(14);
    static final Duration ABSOLUTE = Duration.ofDays(30);

    /** A family as the database would keep it. */
    static final class Family {
        FamilyRow row = new FamilyRow(1, START, 0, 0, START.plus(IDLE), START.plus(ABSOLUTE), null);
        Instant now = START;

        /** Answers the generation that the holder gets, 0 = refused. */
        long present(RefreshPolicy policy, long generation) {
            RefreshDecision decision = policy.decide(row, generation, now);
            switch (decision) {
                case Rotate(long next, int late) ->
                    row = new FamilyRow(
                            next,
                            now,
                            late,
                            row.lastLateGeneration(),
                            min(now.plus(IDLE), row.expiresAt()),
                            row.expiresAt(),
                            null);
                case Repeat(long same, boolean counts) -> {
                    if (counts) {
                        row = new FamilyRow(
                                same,
                                row.rotatedAt(),
                                row.lateReplays() + 1,
                                same,
                                row.idleUntil(),
                                row.expiresAt(),
                                null);
                    }
                }
                case End end ->
                    row = new FamilyRow(
                            row.generation(),
                            row.rotatedAt(),
                            row.lateReplays(),
                            row.lastLateGeneration(),
                            row.idleUntil(),
                            row.expiresAt(),
                            now);
                case Refuse refuse -> {
                    // nothing changes
                }
            }
            return row.revokedAt() == null && !(decision instanceof Refuse) ? row.generation() : 0;
        }

        private static Instant min(Instant a, Instant b) {
            return a.isBefore(b) ? a : b;
        }
    }

    @Test
    void losesNoSessionWhenOneAnswerInTwentyIsLost() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int lost = 0;
        for (int session = 0; session < 2000; session++) {
            Family family = new Family();
            long held = 1;
            while (family.now.isBefore(START.plus(Duration.ofDays(29)))) {
                family.now = family.now.plusSeconds(
                        random.nextLong(1, Duration.ofDays(2).toSeconds()));
                if (!family.now.isBefore(START.plus(ABSOLUTE))) {
                    break;
                }
                long got = family.present(new RefreshPolicy(true), held);
                if (got == 0) {
                    lost++;
                    break;
                }
                // The answer is on its way; five in a hundred never arrive.
                held = random.nextInt(100) < 5 ? held : got;
            }
        }
        assertThat(lost).as("lost sessions, seed %d", seed).isZero();
    }

    @Test
    void cutsOffAThiefWhoStaysMoreThanThirtySecondsBehind() {
        Family family = new Family();
        long owner = 1;
        long thief = 1;
        int stolen = 0;

        for (int i = 0; i < 100 && family.row.revokedAt() == null; i++) {
            owner = family.present(new RefreshPolicy(true), owner);
            family.now = family.now.plusSeconds(31);
            thief = family.present(new RefreshPolicy(true), thief);
            stolen += thief > 0 ? 1 : 0;
            family.now = family.now.plusSeconds(300);
        }

        assertThat(stolen).isEqualTo(RefreshPolicy.LATE_REPLAYS_IN_A_ROW - 1);
    }

    @Test
    void doesNotNoticeAThiefWhoIsNeverLate() {
        Family family = new Family();
        long owner = 1;
        long thief = 1;

        for (int i = 0; i < 100; i++) {
            owner = family.present(new RefreshPolicy(true), owner);
            family.now = family.now.plusSeconds(29);
            thief = family.present(new RefreshPolicy(true), thief);
            family.now = family.now.plusSeconds(300);
        }

        assertThat(thief).as("the limit that the ADR states").isEqualTo(owner);
        assertThat(family.row.revokedAt()).isNull();
    }

    @Test
    void endsTheFamilyAtOnceIfAThiefFallsTwoBehind() {
        Family family = new Family();
        long owner = family.present(new RefreshPolicy(true), 1);
        family.now = family.now.plusSeconds(300);
        owner = family.present(new RefreshPolicy(true), owner);
        family.now = family.now.plusSeconds(31);

        assertThat(family.present(new RefreshPolicy(true), 1)).isZero();
        assertThat(family.present(new RefreshPolicy(true), owner))
                .as("for the owner too")
                .isZero();
    }

    @Test
    void agreesWithANaiveModelOnRandomHistories() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int history = 0; history < 3000; history++) {
            boolean confidential = random.nextBoolean();
            Family family = new Family();
            Model model = new Model(confidential);
            List<String> story = new ArrayList<>();
            for (int step = 0; step < 40; step++) {
                family.now = family.now.plusMillis(pause(random));
                long presented = Math.max(
                        1, family.row.generation() - random.nextInt(4) % 3 - (random.nextInt(20) == 0 ? 2 : 0));
                story.add(Duration.between(START, family.now) + " presents " + presented);

                long ours = family.present(new RefreshPolicy(confidential), presented);

                assertThat(ours)
                        .as("seed %d, confidential %s, %s", seed, confidential, story)
                        .isEqualTo(model.present(presented, family.now));
            }
        }
    }

    private static long pause(SplittableRandom random) {
        return switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1, 2 -> random.nextLong(30_000);
            case 3, 4 -> random.nextLong(30_000, 600_000);
            default -> random.nextLong(Duration.ofDays(3).toMillis());
        };
    }

    /**
     * The contract told as a history instead of a row: when each token was made, which generations had a late replay. Keeps
     * everything, so that it needs none of the row's counting.
     */
    static final class Model {
        final boolean confidential;
        final List<Instant> madeAt = new ArrayList<>(List.of(START));
        final List<Boolean> late = new ArrayList<>(List.of(false));
        Instant lastRotation = START;
        boolean ended;

        Model(boolean confidential) {
            this.confidential = confidential;
        }

        long present(long generation, Instant now) {
            boolean over = !now.isBefore(lastRotation.plus(IDLE)) || !now.isBefore(START.plus(ABSOLUTE));
            if (ended || over) {
                return 0;
            }
            int newest = madeAt.size();
            if (generation == newest) {
                madeAt.add(now);
                late.add(false);
                lastRotation = now;
                return newest + 1;
            }
            boolean within = !now.isAfter(madeAt.getLast().plusSeconds(30));
            if (within && generation >= newest - 2) {
                return newest;
            }
            if (generation < newest - 1 || !confidential) {
                ended = true;
                return 0;
            }
            late.set(newest - 1, true);
            ended = late.size() >= 5
                    && late.subList(late.size() - 5, late.size()).stream().allMatch(it -> it);
            return ended ? 0 : newest;
        }
    }
}
