package dev.firebreak.cli.pools;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolTableTest {
    private static final Target AUTH = Target.parse("auth-server-1=http://127.0.0.1:9001");
    private static final Target TASKS = Target.parse("task-service-1=http://127.0.0.1:9101");
    private static final Target OTHER = Target.parse("task-service-2=http://127.0.0.1:9102");

    /** Everything at once: a pool in good health, one that is full, one that is broken, a node that is away. */
    private static final List<Answer> ALL = List.of(
            Answer.of(
                    AUTH,
                    PoolsDocument.parse("{\"pools\":[" + FakeManagement.BUSY + ","
                            + FakeManagement.HEALTHY.replace("tasks", "background") + "]}")),
            Answer.of(TASKS, PoolsDocument.parse("{\"pools\":[" + FakeManagement.BROKEN + "]}")),
            Answer.failed(OTHER, "refuses the connection"));

    @ParameterizedTest
    @CsvSource({"80, false, pools.txt", "80, true, pools-fancy.txt", "60, false, pools-narrow.txt"})
    void looksAsAgreed(int width, boolean fancy, String golden) throws IOException {
        String text = String.join("\n", table(width, fancy).lines(ALL)) + "\n";

        Path file = Path.of("src/test/resources/golden", golden);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text);
        }
        assertThat(file).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 41, 59, 60, 74, 75, 76, 77, 79, 80, 200})
    void staysWithinTheColumnsGivenAndWithinEighty(int columns) {
        int limit = Math.clamp(columns, 40, 80);
        String enormous = FakeManagement.pool(
                "a-pool-with-a-name-that-nobody-would-choose",
                1_000_000,
                1_000_000,
                1_000_000,
                1_000_000,
                1_000_000,
                "\"verdict\":\"" + "x".repeat(300) + "\",\"utilisation\":900,\"empty_acquire_share\":77,"
                        + "\"mean_wait_ms\":1e12,\"churn_per_s\":1e12");
        List<Answer> answers = List.of(
                Answer.of(AUTH, PoolsDocument.parse("{\"pools\":[" + enormous + "," + FakeManagement.BUSY + "]}")),
                Answer.failed(TASKS, "breaks off: " + "y".repeat(200)));

        for (boolean fancy : List.of(true, false)) {
            assertThat(table(columns, fancy).lines(answers))
                    .allSatisfy(line -> assertThat(visible(line)).hasSizeLessThanOrEqualTo(limit));
            assertThat(table(columns, fancy).lines(ALL))
                    .allSatisfy(line -> assertThat(visible(line)).hasSizeLessThanOrEqualTo(limit));
        }
    }

    @Test
    void isPlainAsciiWhereNothingElseIsSure() {
        assertThat(String.join("", table(80, false).lines(ALL)))
                .matches("\\p{ASCII}+")
                .doesNotContain("\u001B");
    }

    @Test
    void paintsABarByHowFullItIs() {
        Look look = new Look(80, true);

        assertThat(look.bar(0.6, 8)).startsWith("\u001B[32m").contains("████▊");
        assertThat(look.bar(0.8, 8)).startsWith("\u001B[33m");
        assertThat(look.bar(0.81, 8)).startsWith("\u001B[31m");
        assertThat(visible(look.bar(0, 8))).isEqualTo("········");
        assertThat(visible(look.bar(7, 8))).isEqualTo("████████");
        assertThat(new Look(80, false).bar(0.5, 10)).isEqualTo("[####....]");
    }

    @Test
    void takesWhatIsNoWidthForEightyColumns() {
        assertThat(Look.of("", false).width()).isEqualTo(80);
        assertThat(Look.of("wide", false).width()).isEqualTo(80);
        assertThat(Look.of("72", false).width()).isEqualTo(72);
        assertThat(Look.of("999999", false).width()).isEqualTo(80);
    }

    @Test
    void saysThatAServiceHasNoPools() {
        assertThat(table(80, false).lines(List.of(Answer.of(AUTH, List.of())))).contains("auth-server-1  has no pools");
    }

    private static PoolTable table(int columns, boolean fancy) {
        return new PoolTable(new Look(columns, fancy), ZoneOffset.UTC);
    }

    private static String visible(String line) {
        return line.replaceAll("\u001B\\[[0-9]*m", "");
    }
}
