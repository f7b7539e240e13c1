package dev.firebreak.starter.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The code of docs/how-to/call-another-service.md is code that compiles and that {@link ServiceClientsIT} runs. */
class HowToPageTest {
    private static final Path PAGE = Path.of("../../docs/how-to/call-another-service.md");
    private static final Path CODE = Path.of("src/test/java/dev/firebreak/starter/client/example");
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

    @Test
    void showsTheCodeOfTheExampleAndNothingElse() throws IOException {
        List<String> blocks = BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
        List<String> files;
        try (Stream<Path> code = Files.list(CODE)) {
            files = code.sorted().map(HowToPageTest::read).toList();
        }

        assertThat(blocks).hasSize(6);
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
