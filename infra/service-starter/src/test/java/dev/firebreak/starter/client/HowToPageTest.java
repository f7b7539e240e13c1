package dev.firebreak.starter.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code of the pages about calls is code that compiles; {@link ServiceClientsIT} runs that of the first. */
class HowToPageTest {
    private static final Path PAGES = Path.of("../../docs/how-to");
    private static final Path CODE = Path.of("src/test/java/dev/firebreak/starter/client/example");
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

    @ParameterizedTest
    @CsvSource({"call-another-service.md, 7", "google-tokens.md, 2"})
    void showsTheCodeOfTheExampleAndNothingElse(String page, int examples) throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(PAGES.resolve(page)))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        List<String> files;
        try (Stream<Path> code = Files.list(CODE)) {
            files = code.sorted().map(HowToPageTest::read).toList();
        }

        assertThat(blocks).hasSize(examples);
        assertThat(blocks)
                .allSatisfy(block -> assertThat(files)
                        .as(block)
                        .anySatisfy(file -> assertThat(file).contains(block.stripTrailing())));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
