package dev.firebreak.drill.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void oneSeedGivesOneSchedule() {
        Schedule first = Schedule.poisson(200, Duration.ofSeconds(10), 7);
        Schedule second = Schedule.poisson(200, Duration.ofSeconds(10), 7);
        Schedule other = Schedule.poisson(200, Duration.ofSeconds(10), 8);

        assertThat(first.count()).isEqualTo(second.count()).isBetween(1_800, 2_200);
        assertThat(first.at(100)).isEqualTo(second.at(100)).isNotEqualTo(other.at(100));
    }

    @Test
    void arrivalsAscendAndStayInsideTheRun() {
        Schedule schedule = Schedule.poisson(500, Duration.ofSeconds(2), 1);

        for (int i = 1; i < schedule.count(); i++) {
            assertThat(schedule.at(i)).isGreaterThanOrEqualTo(schedule.at(i - 1));
        }
        assertThat(schedule.at(schedule.count() - 1))
                .isLessThan(Duration.ofSeconds(2).toNanos());
    }

    @Test
    void onePartFollowsTheOther() {
        Schedule both = Schedule.uniform(10, Duration.ofSeconds(1)).then(Schedule.uniform(2, Duration.ofSeconds(1)));

        assertThat(both.count()).isEqualTo(12);
        assertThat(both.at(10)).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(both.at(11)).isEqualTo(Duration.ofMillis(1500).toNanos());
        assertThat(both.length()).isEqualTo(Duration.ofSeconds(2));
    }
}
