package dev.firebreak.cli.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a server might say, from {@code src/test/resources/keys}. */
public final class Documents {
    private static final JsonMapper JSON = new JsonMapper();

    private Documents() {}

    public static String text(String name) {
        try {
            return Files.readString(Path.of("src/test/resources/keys", name + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static JsonNode json(String name) {
        return parse(text(name));
    }

    public static JsonNode parse(String text) {
        return JSON.readTree(text);
    }
}
