package dev.firebreak.starter.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordFileTest {
    @TempDir
    Path folder;

    @Test
    void takesEveryCharacterOfTheFirstLine() throws IOException {
        Path file = folder.resolve("password");
        for (String password : new String[] {"p&w=?%41 #\"'\\", " leading and trailing ", "päßwörd🔥", ""}) {
            for (String end : new String[] {"", "\n", "\r\n", "\nsecond line"}) {
                Files.writeString(file, password + end);

                assertThat(new PasswordFile(file).read()).isEqualTo(password);
            }
        }
    }
}
