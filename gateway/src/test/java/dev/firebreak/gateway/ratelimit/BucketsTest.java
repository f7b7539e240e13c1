package dev.firebreak.gateway.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.TestClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {
    final TestClock clock = new TestClock();
    final Buckets buckets = new Buckets(2, 5, clock);

    @Test
    void allowsABurstThenTheRate() {
        drain("a");

        assertThat(buckets.take("a"))
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofMillis(1), Duration.ofMillis(500)));
        clock.advance(Duration.ofMillis(500));
        assertThat(buckets.take("a")).isEmpty();
        assertThat(buckets.take("a")).isPresent();
    }

    @Test
    void countsEachKeyByItself() {
        drain("a");

        assertThat(buckets.take("b")).isEmpty();
    }

    @Test
    void looksWithoutTaking() {
        assertThat(buckets.hasToken("a")).isTrue();
        drain("a");

        assertThat(buckets.hasToken("a")).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(buckets.hasToken("a")).isTrue();
        assertThat(buckets.hasToken("never seen")).isTrue();
    }

    private void drain(String key) {
        for (int i = 0; i < 5; i++) {
            assertThat(buckets.take(key)).isEmpty();
        }
    }
}
