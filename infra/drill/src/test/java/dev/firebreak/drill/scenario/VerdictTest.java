package dev.firebreak.drill.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Finding SLOW = Finding.below("p99", 12, 10);
    private static final Finding FAST = Finding.below("p99", 8, 10);
    private static final Finding WRONG = Finding.none("wrong 401", 1);

    @Test
    void aWrongAnswerIsOneHoweverBusyTheMachineWas() {
        assertThat(Result.judge(List.of(FAST, WRONG), "CPU-bound")).isEqualTo(Verdict.FAIL);
    }

    @Test
    void anInvalidRunJudgesNoTimes() {
        assertThat(Result.judge(List.of(SLOW), "CPU-bound")).isEqualTo(Verdict.INVALID);
        assertThat(Result.judge(List.of(FAST), "CPU-bound")).isEqualTo(Verdict.INVALID);
    }

    @Test
    void aValidRunJudgesThem() {
        assertThat(Result.judge(List.of(SLOW), "")).isEqualTo(Verdict.FAIL);
        assertThat(Result.judge(List.of(FAST), "")).isEqualTo(Verdict.PASS);
    }
}
