package dev.firebreak.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormOriginTest {
    @ParameterizedTest
    @CsvSource({
        "https://Tasks.Example, https://tasks.example",
        "https://tasks.example:443/, https://tasks.example",
        "http://localhost:80, http://localhost",
        "http://localhost:443, http://localhost:443",
        "http://localhost:8080, http://localhost:8080"
    })
    void writesAnOriginAsBrowsersDo(String configured, String origin) {
        assertThat(FormOrigin.asBrowsersWrite(URI.create(configured))).isEqualTo(origin);
    }
}
