package dev.firebreak.drill.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.drill.scenario.SigningKeys.Effect;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SigningKeysTest {
    @Test
    void theSlowestVerifierCounts() {
        Effect effect = effect("""
                {"missing":[],"effective":[{"verifier":"gateway/gateway-1","after_ms":120},
                {"verifier":"task-service/task-service-1","after_ms":940}]}""");

        assertThat(effect.heard()).isEqualTo(2);
        assertThat(effect.slowestMs()).isEqualTo(940);
        assertThat(effect.text()).isEqualTo("in force at 2 verifiers after 940 ms");
    }

    @Test
    void oneThatIsMissingBreaksThePromiseWhateverTheOthersDid() {
        Effect effect = effect("""
                {"missing":["gateway/gateway-1"],
                "effective":[{"verifier":"task-service/task-service-1","after_ms":9}]}""");

        assertThat(Finding.below("slowest verifier ms", effect.slowestMs(), 5_000)
                        .held())
                .isFalse();
        assertThat(effect.missing()).containsExactly("gateway/gateway-1");
        assertThat(effect.text()).isEqualTo("not yet in force at gateway/gateway-1");
    }

    @Test
    void anAnswerThatNamesNobodyProvesNothing() {
        assertThat(Finding.below("slowest verifier ms", effect("{}").slowestMs(), 5_000)
                        .held())
                .isFalse();
    }

    private static Effect effect(String answer) {
        return Effect.of(new JsonMapper().readTree(answer));
    }
}
