package dev.firebreak.cli.pools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PoolsDocumentTest {
    private static final Target TASKS = Target.parse("task-service-1=http://127.0.0.1:9101");
    private static final Target AUTH = Target.parse("auth-server-1=http://127.0.0.1:9001");

    @Test
    void writesTheContractsJsonWithTheDatabasesWordsAsVerdict() {
        List<Answer> answers = List.of(
                Answer.of(
                        TASKS,
                        PoolsDocument.parse(
                                "{\"pools\":[" + FakeManagement.HEALTHY + "," + FakeManagement.BROKEN + "]}")),
                Answer.failed(AUTH, "refuses the connection"));

        assertThat(PoolsDocument.write(answers, ZoneOffset.UTC))
                .isEqualTo("{\"pools\":["
                        + "{\"service\":\"task-service\",\"node\":\"task-service-1\",\"pool\":\"tasks\",\"size\":10,"
                        + "\"open\":10,\"active\":3,\"idle\":7,\"waiting\":0,\"verdict\":\"ok\"},"
                        + "{\"service\":\"task-service\",\"node\":\"task-service-1\",\"pool\":\"tasks\",\"size\":10,"
                        + "\"open\":0,\"active\":0,\"idle\":0,\"waiting\":0,\"verdict\":\"configured 10, open 0: "
                        + "FATAL password authentication failed (28P01), since 12:03\"},"
                        + "{\"service\":\"auth-server\",\"node\":\"auth-server-1\",\"verdict\":\"unreachable\"}]}");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"idle\":7', '\"idle\":-3', idle is -3",
        "'\"idle\":7', '\"idle\":null', idle is",
        "'\"size\":10', '\"size\":99999999999', size is 99999999999",
        "'\"open\":10', '\"open\":\"10\"', open is 10",
        "'\"waiting\":0', '\"delaying\":0', waiting is missing",
    })
    void refusesAnAnswerWhoseNumbersCannotBe(String good, String bad, String complaint) {
        String body = "{\"pools\":[" + FakeManagement.HEALTHY.replaceFirst(good, bad) + "]}";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolsDocument.parse(body))
                .withMessageContaining(complaint);
    }

    @ParameterizedTest
    @CsvSource({"<html>, no JSON", "'', pools", "{}, pools", "[], pools", "'{\"pools\":3}', pools"})
    void refusesWhatIsNoAnswer(String body, String complaint) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolsDocument.parse(body))
                .withMessageContaining(complaint);
    }

    @Test
    void takesAwayWhatATerminalWouldObey() {
        String body = "{\"pools\":["
                + FakeManagement.BROKEN.replace("FATAL password", "FATAL\\u001b[2J\\n\\tpass\\u0007word") + "]}";

        assertThat(PoolsDocument.parse(body).getFirst().words(ZoneOffset.UTC)).contains("FATAL [2J pass word auth");
    }

    @Test
    void leavesOutHalfOfAProblemThatIsNotTold() {
        String body = "{\"pools\":["
                + FakeManagement.BROKEN.replace("\"state\":\"28P01\",", "").replace("2026-11-24T12:03:41Z", "noon")
                + "]}";

        assertThat(PoolsDocument.parse(body).getFirst().words(ZoneOffset.UTC))
                .isEqualTo("configured 10, open 0: FATAL password authentication failed");
    }

    @Test
    void knowsNoVerdictThatWasNotGiven() {
        String body = "{\"pools\":[" + FakeManagement.HEALTHY.replace("\"verdict\":\"ok\",", "") + "]}";

        assertThat(PoolsDocument.parse(body).getFirst().words(ZoneOffset.UTC)).isEqualTo("unknown");
    }
}
