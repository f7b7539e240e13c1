package dev.firebreak.tasks;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check itself: a validator that lets everything pass would make every contract test worthless. */
class OpenApiContractTest {
    private static final String GOOD = """
            {"id":"01a207f8-123a-7b5a-a40c-bd0e134cfa8a","title":"a","notes":null,"due_date":"2027-02-28",
             "category_id":null,"completed_at":null,"created_at":"2026-11-23T10:00:00Z",
             "updated_at":"2026-11-23T10:00:00.123456Z","version":1}""";

    private final OpenApiContract contract = OpenApiContract.load();

    @Test
    void acceptsWhatTheDocumentSays() {
        assertThatCode(() -> check(200, GOOD, Map.of("ETag", "\"1\""))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"title\":\"a\" -> \"title\":5",
                "\"title\":\"a\" -> \"title\":\"\"",
                "\"title\":\"a\", -> ",
                "\"version\":1 -> \"version\":0",
                "\"version\":1 -> \"version\":\"1\"",
                "\"version\":1 -> \"version\":1,\"extra\":true",
                "2027-02-28 -> 2027-02-30",
                "2026-11-23T10:00:00Z -> yesterday",
                "01a207f8-123a-7b5a-a40c-bd0e134cfa8a -> 42",
                "\"notes\":null -> \"notes\":[]"
            })
    void refusesABodyWithOneFault(String fault) {
        String[] parts = fault.split(" -> ", -1);
        String body = GOOD.replace(parts[0], parts[1]);

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> check(200, body, Map.of("ETag", "\"1\"")));
    }

    @Test
    void refusesWhatIsNotDocumented() {
        assertRefused(() -> check(200, GOOD, Map.of()));
        assertRefused(() -> check(200, GOOD, Map.of("ETag", "1")));
        assertRefused(() -> check(200, GOOD, Map.of("ETag", "\"1\"", "Content-Type", "text/plain")));
        assertRefused(() -> check(202, GOOD, Map.of("ETag", "\"1\"")));
        assertRefused(() -> check(304, GOOD, Map.of("ETag", "\"1\"")));
        assertRefused(() -> check(503, "{}", Map.of("Retry-After", "3")));
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable check) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(check);
    }

    private void check(int status, String body, Map<String, String> headers) {
        Map<String, List<String>> all = new java.util.HashMap<>(Map.of("Content-Type", List.of("application/json")));
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        contract.check(
                "GET",
                "/api/v1/tasks/01a207f8-123a-7b5a-a40c-bd0e134cfa8a",
                new Api.Answer(status, HttpHeaders.of(all, (a, b) -> true), body));
    }
}
