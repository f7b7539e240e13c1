package dev.firebreak.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/configuration.md names every key and every readiness reason of the authorization server, and none that does not exist. */
class ConfigurationPageTest {
    /** A row of a table: a key of ours and its default, or a reason and its state. */
    private static final Pattern KEY = Pattern.compile("(?m)^\\| `(auth\\.[a-z.-]+)` \\| `?([^|`]+)`? \\|");

    private static final Pattern REASON_ROW = Pattern.compile("(?m)^\\| `([a-z_.]+)` \\| (down|degraded) \\|");
    private static final Pattern REASON = Pattern.compile("HealthReason\\.(down|degraded)\\(\"([a-z_.]+)\"");

    @Test
    void theTableNamesExactlyTheKeysThatExistWithTheirDefaults() throws IOException {
        Map<String, String> existing = new TreeMap<>();
        for (JsonNode property : properties()) {
            String name = property.path("name").asString();
            if (name.startsWith("auth.")) {
                // A list may always be empty.
                String without = property.path("type").asString("").startsWith("java.util.List") ? "none" : "required";
                String value = property.path("defaultValue").asString(without);
                existing.put(name, value.isEmpty() ? "none" : value);
            }
        }

        Map<String, String> documented = KEY.matcher(section())
                .results()
                .collect(Collectors.toMap(
                        row -> row.group(1), row -> row.group(2).strip(), (first, again) -> "twice", TreeMap::new));

        assertThat(existing).isNotEmpty();
        assertThat(documented).isEqualTo(existing);
    }

    @Test
    void theTableNamesExactlyTheReasonsThatReadinessGives() throws IOException {
        Map<String, String> given = new TreeMap<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                REASON.matcher(Files.readString(source))
                        .results()
                        .forEach(match -> given.put(match.group(2), match.group(1)));
            }
        }

        Map<String, String> documented = REASON_ROW
                .matcher(section())
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> a, TreeMap::new));

        assertThat(given).isNotEmpty();
        assertThat(documented).isEqualTo(given);
    }

    private static String section() throws IOException {
        String page = Files.readString(Path.of("../docs/configuration.md"));
        int begin = page.indexOf("\n## Authorization server\n");
        assertThat(begin).as("the section exists").isPositive();
        int end = page.indexOf("\n## ", begin + 1);
        return page.substring(begin, end < 0 ? page.length() : end);
    }

    private static Iterable<JsonNode> properties() throws IOException {
        for (URL url : Collections.list(ConfigurationPageTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                JsonNode properties = new JsonMapper().readTree(in).path("properties");
                // The tests' own records are described as well, in a file of their own.
                if (properties
                        .valueStream()
                        .anyMatch(it -> it.path("name").asString().equals("auth.clients-folder"))) {
                    return properties.values();
                }
            }
        }
        throw new AssertionError("No metadata was generated");
    }
}
