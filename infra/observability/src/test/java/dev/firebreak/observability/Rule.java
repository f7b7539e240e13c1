package dev.firebreak.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** One rule of a rules file; an alert, or a recording with an empty set of annotations. */
record Rule(
        Path file,
        String name,
        boolean alert,
        String expression,
        Map<String, String> labels,
        Map<String, String> annotations) {
    private static final YAMLMapper YAML = new YAMLMapper();

    static List<Rule> readAll(Path folder) {
        return files(folder).stream()
                .flatMap(file -> read(file)
                        .path("groups")
                        .valueStream()
                        .flatMap(group -> group.path("rules").valueStream().map(rule -> of(file, rule))))
                .toList();
    }

    static List<Path> files(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Rule of(Path file, JsonNode rule) {
        boolean alert = rule.has("alert");
        return new Rule(
                file,
                rule.path(alert ? "alert" : "record").asString(),
                alert,
                rule.path("expr").asString(),
                words(rule.path("labels")),
                words(rule.path("annotations")));
    }

    private static Map<String, String> words(JsonNode node) {
        return node.propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asString()));
    }
}
