package dev.firebreak.gateway.renewal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.TestClock;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutageTest {
    final TestClock clock = new TestClock();
    final Outage outage = new Outage(clock, new Random(1));

    @Test
    void doesNotTakeOneOrTwoFailuresForAnOutage() {
        outage.failed("a");
        outage.failed("b");

        assertThat(outage.isOpen()).isFalse();
        assertThat(outage.mayAsk()).isTrue();
    }

    @Test
    void doesNotTakeOneSessionsTroubleForAnOutage() {
        for (int i = 0; i < 10; i++) {
            outage.failed("unreadable");
        }

        assertThat(outage.isOpen()).isFalse();
    }

    @Test
    void forgetsFailuresAtAnyAnswer() {
        outage.failed("a");
        outage.failed("b");
        outage.answered();
        outage.failed("c");

        assertThat(outage.isOpen()).isFalse();
    }

    @Test
    void sendsOneProbeAtATime() {
        begin();

        assertThat(outage.mayAsk()).as("at once").isFalse();
        clock.advance(Duration.ofMillis(501));
        assertThat(outage.isSilent()).isFalse();
        assertThat(outage.mayAsk()).as("the probe").isTrue();
        assertThat(outage.mayAsk()).as("beside the probe").isFalse();
        outage.answered();
        assertThat(outage.mayAsk()).as("after it").isTrue();
        assertThat(outage.isOpen()).isFalse();
    }

    @Test
    void restsLongerAndLongerUpToFiveSeconds() {
        begin();

        Duration longest = Duration.ZERO;
        for (int probe = 0; probe < 40; probe++) {
            Duration rest = restBeforeNextProbe();
            assertThat(rest).isLessThanOrEqualTo(Duration.ofSeconds(5));
            longest = rest.compareTo(longest) > 0 ? rest : longest;
            outage.failed("a");
        }

        assertThat(longest).isGreaterThan(Duration.ofSeconds(3));
    }

    @Test
    void probesAgainIfAProbeIsNeverReported() {
        begin();
        clock.advance(Duration.ofSeconds(1));
        assertThat(outage.mayAsk()).isTrue();

        clock.advance(Duration.ofSeconds(11));

        assertThat(outage.mayAsk()).isTrue();
    }

    private void begin() {
        outage.failed("a");
        outage.failed("b");
        outage.failed("a");
        assertThat(outage.isOpen()).isTrue();
    }

    private Duration restBeforeNextProbe() {
        Duration rest = Duration.ZERO;
        while (!outage.mayAsk()) {
            clock.advance(Duration.ofMillis(10));
            rest = rest.plusMillis(10);
        }
        return rest;
    }
}
