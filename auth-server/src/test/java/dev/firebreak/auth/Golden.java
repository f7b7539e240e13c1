package dev.firebreak.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Answers that others rely on, kept as files; {@code -Dgolden.update} writes them anew, and the diff is the review. */
public final class Golden {
    private static final Path FOLDER = Path.of("src/test/resources/golden");

    private Golden() {}

    public static void assertSame(String name, String actual) {
        Path file = FOLDER.resolve(name);
        try {
            if (System.getProperty("golden.update") != null) {
                Files.createDirectories(FOLDER);
                Files.writeString(file, actual.strip() + "\n");
            }
            assertThat(actual.strip()).isEqualTo(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("No golden file; run once with -Dgolden.update", e);
        }
    }
}
