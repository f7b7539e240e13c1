package dev.firebreak.contracts.error;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code docs/errors.md} says what the code says. {@code -Dgolden.update} rewrites it; the diff is the review. */
class ErrorsDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("basedir", "."))
            .resolve("../docs/errors.md")
            .normalize();

    private static final String HEAD = """
            # Error codes

            Every failed request answers with a problem document (RFC 9457). Programs switch on `code`; codes are never renamed
            and never reused. `act` says who can make the request succeed: `user` changes the request or signs in, `retry` sends
            the same request again after `Retry-After`, `operator` is whoever runs the system. 401 means proof of a missing or
            bad credential; trouble of our own is 503 and leaves the session alone.

            Made from the enums in `shared-contracts`; a test compares the two, `-Dgolden.update` rewrites this page. The
            gateway serves the same texts at `/errors/<code>`.
            """;

    @Test
    void documentAndCodeAgree() throws IOException {
        String expected = render();
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(DOCUMENT.getParent());
            Files.writeString(DOCUMENT, expected);
        }

        assertThat(DOCUMENT).as("run with -Dgolden.update to write it").exists();
        assertThat(Files.readString(DOCUMENT))
                .as("run with -Dgolden.update to rewrite it")
                .isEqualTo(expected);
    }

    private static String render() {
        Map<String, StringBuilder> sections = new LinkedHashMap<>();
        for (ErrorCode error : ErrorCatalogue.all()) {
            String feature = error.getClass().getSimpleName().replace("Error", "");
            sections.computeIfAbsent(feature, ErrorsDocumentTest::head)
                    .append("| `%s` | %d | %s | **%s.** %s |\n"
                            .formatted(
                                    error.code(),
                                    error.kind().status(),
                                    error.act().wireName(),
                                    error.title(),
                                    error.help()));
        }
        return HEAD + String.join("", sections.values());
    }

    private static StringBuilder head(String feature) {
        return new StringBuilder(
                "\n## " + feature + "\n\n| code | status | act | meaning |\n| --- | --- | --- | --- |\n");
    }
}
