package dev.firebreak.gateway.overload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AllowanceTest {
    private final AtomicLong now = new AtomicLong();
    private final Allowance allowance = new Allowance(now::get);

    @Test
    void aServiceThatTakesEverythingIsSentEverything() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.take()).isTrue();
            allowance.credit();
        }
        assertThat(allowance.left()).isEqualTo(Allowance.MOST);
    }

    @Test
    void aServiceThatRefusesOneInTwoIsStillSentEverything() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(allowance.take()).isTrue();
            if (i % 2 == 1) {
                allowance.credit();
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
            if (allowance.take()) {
                sent++;
                if (taken * 10 <= i) {
                    taken++;
                    allowance.credit();
                }
            }
        }

        assertThat(taken).as("nothing that it can do is kept from it").isBetween(offered / 10 - 10, offered / 10);
        // The burst at the beginning, and the probes when nothing was left.
        assertThat(sent).isBetween(2 * taken, 2 * taken + Allowance.MOST + offered / 100);
    }

    @Test
    void aServiceThatRefusesEverythingIsAskedTenTimesASecondAndEasesAtOnce() {
        exhaust();
        int sent = 0;
        for (int i = 0; i < 10_000; i++) {
            now.addAndGet(1_000_000);
            sent += allowance.take() ? 1 : 0;
        }
        assertThat(sent).isBetween(99, 101);

        now.addAndGet(Allowance.PROBE_EVERY.toNanos());
        int rounds = 0;
        for (int inFlight = 1; inFlight < Allowance.MOST; rounds++) {
            for (int i = 0; i < inFlight; i++) {
                allowance.credit();
            }
            inFlight = 0;
            while (allowance.left() > 0 && allowance.take()) {
                inFlight++;
            }
        }
        assertThat(rounds)
                .as("round trips from one request to a hundred at once")
                .isLessThan(10);
    }

    private void exhaust() {
        while (allowance.take()) {
            assertThat(allowance.left()).isNotNegative();
        }
    }
}
