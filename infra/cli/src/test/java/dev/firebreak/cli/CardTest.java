package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardTest {
    @ParameterizedTest
    @CsvSource({"true, card.txt", "false, card-ascii.txt"})
    void looksAsAgreedWithinEightyColumns(boolean unicode, String golden) throws IOException {
        StringWriter text = new StringWriter();

        new Card(Ports.defaults(), Path.of(".firebreak")).print(new Screen(new PrintWriter(text), false, unicode));

        assertThat(text.toString().lines()).allMatch(line -> line.length() <= Screen.WIDTH);
        Path file = Path.of("src/test/resources/golden", golden);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text.toString());
        }
        assertThat(file).hasContent(text.toString());
    }
}
