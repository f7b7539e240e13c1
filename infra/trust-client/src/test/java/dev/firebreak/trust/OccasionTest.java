package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OccasionTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Occasion occasion = new Occasion(Duration.ofSeconds(1), now::get);

    @Test
    void letsTheFirstThroughAndCountsTheOthersOfItsInterval() {
        assertThat(occasion.take()).hasValue(0);
        assertThat(occasion.take()).isEmpty();
        now.addAndGet(999_999_999);
        assertThat(occasion.take()).as("the clock has wrapped").isEmpty();
        now.addAndGet(1);

        assertThat(occasion.take()).hasValue(2);
        assertThat(occasion.take()).isEmpty();
    }
}
