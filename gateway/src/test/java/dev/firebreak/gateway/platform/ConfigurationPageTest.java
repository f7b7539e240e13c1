package dev.firebreak.gateway.platform;

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
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/configuration.md names every key of the gateway with its default and a reason. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../docs/configuration.md");
    /** Key, default, reason. */
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(gateway\\.[a-z.-]+)` \\| `?([^|`]+)`? \\| [^|]{15,} \\|$");

    @Test
    void theTableNamesExactlyTheKeysThatExistWithTheirDefaults() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        ROW.matcher(Files.readString(PAGE)).results().forEach(row -> documented.put(row.group(1), row.group(2)));

        Map<String, String> existing = new TreeMap<>();
        for (JsonNode property : properties()) {
            String name = property.get("name").asString();
            if (name.startsWith("gateway.")) {
                existing.put(name, property.path("defaultValue").asString("required"));
            }
        }

        assertThat(documented).isNotEmpty().isEqualTo(existing);
    }

    private static Iterable<JsonNode> properties() throws IOException {
        for (URL url : Collections.list(ConfigurationPageTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                JsonNode properties = new JsonMapper().readTree(in).get("properties");
                if (properties
                        .valueStream()
                        .anyMatch(it -> it.get("name").asString().startsWith("gateway."))) {
                    return properties.values();
                }
            }
        }
        throw new AssertionError("No metadata was generated");
    }
}
