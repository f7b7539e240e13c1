package dev.firebreak.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.overload.Allowance.Pass;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private final AtomicLong now = new AtomicLong();
    private final Allowance allowance = new Allowance(now::get);

    @Test
    void aServiceThatTakesEverythingIsSentEverything() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.take()).isEqualTo(Pass.TAKEN);
            allowance.answered();
        }
        assertThat(allowance.left()).isEqualTo(Allowance.MOST);
    }

    @Test
    void aSlowServiceThatRefusesNothingIsSentEverythingHoweverManyAreOnTheirWay() {
        for (int onTheirWay = 0; onTheirWay < 5_000; onTheirWay++) {
            assertThat(allowance.take()).isNotEqualTo(Pass.NONE);
        }
    }

    @Test
    void aServiceThatRefusesOneInTwoIsStillSentEverything() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.take()).isNotEqualTo(Pass.NONE);
            if (i % 2 == 1) {
                allowance.answered();
            } else {
                allowance.refused();
            }
        }
    }

    /** Ten times what it can do: it takes every tenth that is offered, at most. */
    @Test
    void aServiceThatRefusesMostIsSentTwiceWhatItTakes() {
        int offered = 100_000;
        int sent = 0;
        int taken = 0;
        for (int i = 0; i < offered; i++) {
            now.addAndGet(1_000_000);
            if (allowance.take() != Pass.NONE) {
                sent++;
                if (taken * 10 <= i) {
                    taken++;
                    allowance.answered();
                } else {
                    allowance.refused();
                }
            }
        }

        assertThat(taken).as("nothing that it can do is kept from it").isBetween(offered / 10 - 10, offered / 10);
        // The burst at the beginning, and the probes when nothing was left.
        assertThat(sent).isBetween(2 * taken - 20, 2 * taken + Allowance.MOST + offered / 100);
    }

    @Test
    void aServiceThatRefusesEverythingIsAskedTenTimesASecondAndEasesAtOnce() {
        exhaust();
        int sent = 0;
        for (int i = 0; i < 10_000; i++) {
            now.addAndGet(1_000_000);
            if (allowance.take() != Pass.NONE) {
                sent++;
                allowance.refused();
            }
        }
        assertThat(sent).isBetween(99, 101);

        int rounds = 0;
        for (int inFlight = 1; inFlight < Allowance.MOST; rounds++) {
            for (int i = 0; i < inFlight; i++) {
                allowance.answered();
            }
            inFlight = 0;
            while (allowance.left() > 0 && allowance.take() == Pass.TAKEN) {
                inFlight++;
            }
        }
        assertThat(rounds)
                .as("round trips from one request to two hundred at once")
                .isLessThan(11);
    }

    @Test
    void aRefusalIsForgottenAfterASecond() {
        exhaust();
        now.addAndGet(Allowance.EASED_AFTER.toNanos() - 1);
        assertThat(allowance.take()).as("a probe").isEqualTo(Pass.FREE);
        assertThat(allowance.take()).isEqualTo(Pass.NONE);

        now.addAndGet(1);
        assertThat(allowance.take()).isEqualTo(Pass.FREE);
        assertThat(allowance.take()).isEqualTo(Pass.FREE);
    }

    @Test
    void whatWasNeverAnsweredIsGivenBackAndEarnsNothing() {
        exhaust();
        allowance.unanswered(Pass.FREE);
        assertThat(allowance.left()).isZero();
        allowance.unanswered(Pass.TAKEN);
        assertThat(allowance.left()).isEqualTo(1);
    }

    private void exhaust() {
        while (allowance.left() > 0) {
            assertThat(allowance.take()).isEqualTo(Pass.TAKEN);
            allowance.refused();
        }
    }
}
