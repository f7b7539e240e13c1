package dev.firebreak.starter.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentFiguresTest {
    private final AtomicLong now = new AtomicLong(-Duration.ofSeconds(3).toNanos());
    private final RecentFigures figures = new RecentFigures(now::get);

    @Test
    void sumsTheLastTenSecondsAndForgetsWhatIsOlder() {
        for (int i = 0; i < 98; i++) {
            figures.acquired(false, 0);
        }
        figures.acquired(true, Duration.ofMillis(100).toNanos());
        figures.acquired(true, Duration.ofMillis(200).toNanos());
        pass(Duration.ofSeconds(9));
        figures.refused();
        figures.created();

        RecentFigures.Sums sums = figures.sums();
        assertThat(sums.acquires()).isEqualTo(100);
        assertThat(sums.emptyShare()).isEqualTo(0.02);
        assertThat(sums.meanWaitMillis()).isCloseTo(3, within(0.001));
        assertThat(sums.p99WaitMillis()).isBetween(100.0, 130.0);
        assertThat(sums.refused()).isEqualTo(1);
        assertThat(sums.created()).isEqualTo(1);

        pass(Duration.ofSeconds(1));
        assertThat(figures.sums().acquires()).isZero();
        assertThat(figures.sums().refused()).isEqualTo(1);
        pass(Duration.ofSeconds(60));
        assertThat(figures.sums()).isEqualTo(new RecentFigures.Sums(0, 0, 0, 0, 0, 0));
    }

    @Test
    void remembersARefusalForAsLongAsAsked() {
        assertThat(figures.refusedWithin(Duration.ofSeconds(5))).isZero();
        figures.refused();
        pass(Duration.ofSeconds(4));
        assertThat(figures.refusedWithin(Duration.ofSeconds(5))).isEqualTo(1);
        pass(Duration.ofSeconds(1));
        assertThat(figures.refusedWithin(Duration.ofSeconds(5))).isZero();
    }

    @Test
    void aPercentileIsExactToAQuarter() {
        for (long micros = 10; micros < 2_000_000; micros = micros * 5 / 4) {
            RecentFigures one = new RecentFigures(now::get);
            one.acquired(true, micros * 1000);

            assertThat(one.sums().p99WaitMillis() * 1000).isBetween((double) micros, micros * 1.26);
        }
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
