package dev.firebreak.cli.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InquiryTest {
    private FakeManagement good;
    private FakeManagement bad;
    private final Inquiry inquiry = new Inquiry();

    @BeforeEach
    void start() throws IOException {
        good = new FakeManagement();
        bad = new FakeManagement();
    }

    @AfterEach
    void stop() {
        inquiry.close();
        good.close();
        bad.close();
    }

    @Test
    void keepsTheOrderOfTheTargets() throws Exception {
        bad.body = "{\"pools\":[" + FakeManagement.BUSY + "]}";

        List<Answer> answers = inquiry.ask(List.of(bad.target("auth-server-1"), good.target("task-service-1")));

        assertThat(answers)
                .extracting(answer -> answer.target().node())
                .containsExactly("auth-server-1", "task-service-1");
        assertThat(answers)
                .extracting(answer -> answer.pools().getFirst().name())
                .containsExactly("identity", "tasks");
        assertThat(answers).allMatch(Answer::reached);
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        Target gone = bad.target("x-1");
        bad.close();

        assertThat(askWith(gone)).isEqualTo("refuses the connection");
    }

    @Test
    void saysWhatElseAnsweredInstead() throws Exception {
        bad.status = 404;

        assertThat(askWith(bad.target("x-1"))).isEqualTo("answers 404");
    }

    @Test
    void saysThatAnAnswerIsNonsense() throws Exception {
        bad.body = "{\"pools\":[" + FakeManagement.HEALTHY.replace("\"idle\":7", "\"idle\":-90") + "]}";

        assertThat(askWith(bad.target("x-1"))).isEqualTo("answers nonsense: idle is -90");
    }

    @Test
    void readsNoMoreThanAMegabyte() throws Exception {
        bad.body = "{\"pools\":[],\"x\":\"" + "x".repeat(2 * 1024 * 1024) + "\"}";

        assertThat(askWith(bad.target("x-1"))).startsWith("breaks off");
    }

    @Test
    void waitsForNobodyThatHangs() throws Exception {
        bad.hangs = true;

        assertThat(askWith(bad.target("x-1"))).startsWith("no answer within");
    }

    @Test
    void waitsForNobodyThatHangsInTheMiddleOfItsAnswer() throws Exception {
        bad.hangsInTheBody = true;

        assertThat(askWith(bad.target("x-1"))).startsWith("no answer within");
    }

    @Test
    void asksAllAtTheSameTime() throws Exception {
        bad.hangs = true;
        List<Target> ten =
                IntStream.range(0, 10).mapToObj(i -> bad.target("x-" + i)).toList();
        long begin = System.nanoTime();

        assertThat(inquiry.ask(ten)).noneMatch(Answer::reached);

        // One after the other it would be nine seconds.
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
        assertThat(bad.asked).hasValue(10);
    }

    /** The failure of this target, asked between two that answer. */
    private String askWith(Target target) throws InterruptedException {
        List<Answer> answers = inquiry.ask(List.of(good.target("a-1"), target, good.target("b-1")));
        assertThat(answers.get(0).reached()).as(answers.get(0).failure()).isTrue();
        assertThat(answers.get(2).reached()).as(answers.get(2).failure()).isTrue();
        assertThat(answers.get(1).pools()).isEmpty();
        return answers.get(1).failure();
    }
}
