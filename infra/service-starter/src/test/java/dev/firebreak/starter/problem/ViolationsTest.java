package dev.firebreak.starter.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViolationsTest {
    @ParameterizedTest
    @CsvSource({
        "title, /title",
        "dueDate, /due_date",
        "lines[0].dueDate, /lines/0/due_date",
        "byName[a].id2Name, /by_name/a/id2_name"
    })
    void namesMembersAsTheyAreOnTheWire(String property, String pointer) {
        assertThat(Violations.pointer(property)).isEqualTo(pointer);
    }
}
