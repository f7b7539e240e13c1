package dev.firebreak.drill.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuMeterTest {
    private static final long[] BEFORE = CpuMeter.parse("cpu  100 50 30 1000 20 1 2 3 7 7");
    private static final long[] AFTER = CpuMeter.parse("cpu  160 80 50 1080 30 1 2 3 9 9");

    @Test
    void niceTimeIsFreeUnlessWeAreNicedOurselves() {
        // 200 ticks: 60 user, 30 nice, 20 system, 80 idle, 10 iowait
        assertThat(CpuMeter.utilisation(BEFORE, AFTER, true)).isEqualTo(0.4);
        assertThat(CpuMeter.utilisation(BEFORE, AFTER, false)).isEqualTo(0.55);
    }

    @Test
    void readsThisMachine() {
        CpuMeter meter = CpuMeter.start();

        assertThat(meter.utilisation()).isBetween(0.0, 1.0);
    }
}
