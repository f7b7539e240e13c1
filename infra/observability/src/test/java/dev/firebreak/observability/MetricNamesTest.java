package dev.firebreak.observability;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricNamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
                    up == 0 ; up
                    avg_over_time(a_b[1m]) > 0.8 ; a_b
                    a{b="c", d=~"e|f"} ; a
                    sum by (job, pool) (rate(a_total[5m])) ; a_total
                    max(job:a:rate_2m) without (x) ; job:a:rate_2m
                    a offset 15m ; a
                    a / on (x) group_left (y) b unless c ; a b c
                    1e3 + a{x="} b"} ; a
                    """)
    void areTakenOutOfAnExpression(String expression, String names) {
        assertThat(MetricNames.in(expression)).containsExactlyInAnyOrder(names.split(" "));
    }

    @Test
    void areListedOnce() {
        assertThat(MetricNames.golden()).isNotEmpty().allMatch(name -> name.matches("[a-z][a-z0-9_]*"));
    }
}
