package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.Eventually;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeldQuestionsTest {
    private static final Duration FOR_EVER = Duration.ofHours(1);

    private final HeldQuestions held = new HeldQuestions();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            wait=1                  | 1
            wait=2                  | 2
            wait=600                | 2
            respond-async, wait=1   | 1
            wait = "1"; foo=bar     | 1
            wait=0                  | 0
            """)
    void isHeldForAsLongAsItAsksAndTwoSecondsAtMost(String prefer, int seconds) {
        assertThat(HeldQuestions.wished(prefer)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {"", "wait", "wait=-1", "wait=1.5", "await=1", "wait=99999999999999999999", "return=minimal"})
    void isNotHeldWithoutAWishThatCanBeRead(String prefer) {
        assertThat(HeldQuestions.wished(prefer)).isZero();
    }

    @Test
    void oneThatBringsNewsIsNotHeld() {
        held.await(() -> true, FOR_EVER);

        assertThat(held.count()).isZero();
    }

    @Test
    void aReadThatBringsNothingLeavesItWaiting() throws Exception {
        AtomicBoolean news = new AtomicBoolean();
        List<Boolean> looks = new ArrayList<>();
        Thread waiting = Thread.ofVirtual()
                .start(() -> held.await(
                        () -> {
                            looks.add(news.get());
                            return news.get();
                        },
                        FOR_EVER));
        Eventually.within(Duration.ofSeconds(5), "it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);

        held.wake();
        Eventually.within(
                Duration.ofSeconds(5),
                "it looked and waits again",
                () -> looks.size() == 2 && waiting.getState() == Thread.State.TIMED_WAITING);
        news.set(true);
        held.wake();

        assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();
        assertThat(looks).containsExactly(false, false, true);
    }

    @Test
    void everybodyIsAnsweredWhenTheProcessStopsAndNobodyWaitsAfterwards() throws Exception {
        Thread waiting = Thread.ofVirtual().start(() -> held.await(() -> false, FOR_EVER));
        Eventually.within(Duration.ofSeconds(5), "it waits", () -> held.count() == 1);

        held.stop();

        assertThat(waiting.join(Duration.ofSeconds(5))).isTrue();
        held.await(() -> false, FOR_EVER);
        assertThat(held.isRunning()).isFalse();
    }

    @Test
    void oneTooManyIsAnsweredAtOnce() {
        List<Thread> waiting = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            waiting.add(Thread.ofVirtual().start(() -> held.await(() -> false, FOR_EVER)));
        }
        Eventually.within(Duration.ofSeconds(10), "all wait", () -> held.count() == 500);

        held.await(() -> false, FOR_EVER);

        assertThat(held.count()).isEqualTo(500);
        held.stop();
    }
}
