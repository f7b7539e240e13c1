package dev.firebreak.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(strings = {"no-such-benchmark", "gate no.such", "gat", "--no-such-option"})
    void refusesWhatItDoesNotKnowWithStatusTwo(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("firebreak: ").contains("./firebreak bench --help");
    }

    @Test
    void listsAGroupAndMeasuresNothing() {
        assertThat(run("trust gate.enter --list")).isZero();
        assertThat(out.toString().lines())
                .contains("gate.enter", "trust.verify_new")
                .doesNotContain("gate.refuse", "gate.enter_fair");
    }

    @Test
    void helpsWithinEightyColumns() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    }

    private int run(String line) {
        return BenchCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(line.split(" "));
    }
}
