package dev.firebreak.stack.config;

import dev.firebreak.stack.layout.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Generated YAML: a note on top, nested keys, 0600. */
final class YamlFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            // A key like "1e5" or "0900" must come back as text.
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();

    private YamlFile() {}

    static void write(Path file, String note, Object content) {
        try {
            AtomicFile.write(file, "# " + note + "\n" + YAML.writeValueAsString(content));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** A missing node when there is no such file, or nothing in it that YAML knows. */
    static JsonNode read(Path file) {
        try {
            return Files.exists(file) ? YAML.readTree(Files.readString(file)) : YAML.missingNode();
        } catch (JacksonException damaged) {
            return YAML.missingNode();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** {@code a.b.c: 1} becomes {@code a: {b: {c: 1}}}; a later key wins over an earlier one. */
    static Map<String, Object> nest(Map<String, Object> flat) {
        Map<String, Object> root = new LinkedHashMap<>();
        flat.forEach((key, value) -> {
            Map<String, Object> level = root;
            String[] names = key.split("\\.");
            for (int i = 0; i < names.length - 1; i++) {
                level = child(level, names[i], key);
            }
            level.put(names[names.length - 1], value);
        });
        return root;
    }

    @SuppressWarnings("unchecked") // nest() itself puts nothing but such maps there
    private static Map<String, Object> child(Map<String, Object> level, String name, String key) {
        Object child = level.computeIfAbsent(name, absent -> new LinkedHashMap<String, Object>());
        if (!(child instanceof Map)) {
            throw new IllegalArgumentException("setting " + key + " lies below " + name + ", which has a value itself");
        }
        return (Map<String, Object>) child;
    }
}
