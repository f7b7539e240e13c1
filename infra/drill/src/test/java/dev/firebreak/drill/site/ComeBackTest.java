package dev.firebreak.drill.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.drill.load.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComeBackTest {
    private static final Answer GOOD = answer(200, List.of(), "{}");

    private final List<Duration> waits = new ArrayList<>();
    private final ComeBack comeBack = new ComeBack(waits::add);

    @Test
    void waitsForAsLongAsItIsToldAndAsksAgain() throws IOException {
        comeBack.obeys(true);

        Answer last = comeBack.obey(answers(renewing("3"), renewing("2"), GOOD));

        assertThat(last).isEqualTo(GOOD);
        assertThat(waits).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(2));
        assertThat(comeBack.told()).isEqualTo(1);
    }

    @Test
    void doesNothingUntilADrillWantsIt() throws IOException {
        assertThat(comeBack.obey(answers(renewing("1"), GOOD)).status()).isEqualTo(503);
        assertThat(waits).isEmpty();
        assertThat(comeBack.told()).isZero();
    }

    @Test
    void givesUpOnAGatewayThatNeverRenews() throws IOException {
        comeBack.obeys(true);
        Answer[] always = new Answer[100];
        Arrays.fill(always, renewing("7"));

        assertThat(comeBack.obey(answers(always)).status()).isEqualTo(503);

        assertThat(waits.stream().reduce(Duration.ZERO, Duration::plus)).isLessThanOrEqualTo(ComeBack.LONGEST);
    }

    @Test
    void takesEveryOtherAnswerAsTheLastWord() throws IOException {
        comeBack.obeys(true);
        List<Answer> others = List.of(
                answer(503, List.of("Retry-After: 1"), "{\"code\":\"pool.saturated\"}"),
                answer(503, List.of(), "{\"code\":\"session.renewing\"}"),
                answer(401, List.of("Retry-After: 1"), "{\"code\":\"session.renewing\"}"));

        for (Answer other : others) {
            assertThat(comeBack.obey(answers(other, GOOD))).isEqualTo(other);
        }
        assertThat(waits).isEmpty();
    }

    private static ComeBack.Call answers(Answer... answers) {
        Deque<Answer> left = new ArrayDeque<>(List.of(answers));
        return left::removeFirst;
    }

    private static Answer renewing(String retryAfter) {
        return answer(503, List.of("Retry-After: " + retryAfter), "{\"code\":\"session.renewing\",\"status\":503}");
    }

    private static Answer answer(int status, List<String> headers, String body) {
        return new Answer(status, headers, body.getBytes(StandardCharsets.UTF_8));
    }
}
