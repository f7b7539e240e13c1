package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(1), new Random());

    @RepeatedTest(20)
    void asksAgainAboutAnIntervalAfterTheLastQuestionWhetherTheServerHeldItOrNot() {
        assertThat(backoff.afterSuccess(Duration.ofMillis(3)))
                .isBetween(Duration.ofMillis(897), Duration.ofMillis(1_097));
        assertThat(backoff.afterSuccess(Duration.ofMillis(700)))
                .isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
    }

    @Test
    void asksAgainAtOnceWhenTheServerHeldTheQuestionForTheWholeInterval() {
        assertThat(backoff.afterSuccess(Duration.ofMillis(1_101))).isZero();
    }
}
