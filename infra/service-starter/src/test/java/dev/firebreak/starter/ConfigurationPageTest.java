package dev.firebreak.starter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.FirebreakProperties.Pool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.DefaultValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/configuration.md names every key of the starter with its default, and none that does not exist. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("../../docs/configuration.md");
    /** A row of a table that begins with a key of the starter: the key, then its default. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(firebreak\\.[a-z.<>-]+)` \\| ([^|]+) \\|");

    private static final Pattern REASON_ROW = Pattern.compile("(?m)^\\| `([a-z_.<>]+)` \\| (down|degraded) \\|");
    /** As a literal, or with the name of a pool in its middle. */
    private static final Pattern REASON =
            Pattern.compile("HealthReason\\.(down|degraded)\\(\"([a-z_.]+)\"(?: \\+ [\\w()]+ \\+ \"([a-z_.]+)\")?\\)");

    @Test
    void theTablesNameExactlyTheKeysThatExist() throws IOException {
        Set<String> existing = new TreeSet<>();
        for (JsonNode property : properties()) {
            existing.add(property.get("name").asString());
        }
        existing.remove("firebreak.pools");
        existing.addAll(Arrays.stream(Pool.class.getRecordComponents())
                .map(RecordComponent::getName)
                .map(name -> "firebreak.pools.<name>."
                        + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet()));

        Set<String> documented =
                ROW.matcher(page()).results().map(row -> row.group(1)).collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented).isEqualTo(existing);
    }

    @Test
    void theDefaultsAreThoseOfTheCode() throws IOException {
        String page = page();
        for (JsonNode property : properties()) {
            String value = property.path("defaultValue").asString("");
            String name = property.get("name").asString();
            // A port has no default; the generator writes the zero of its type.
            if (!value.isEmpty() && !name.endsWith(".port")) {
                assertThat(page).contains("| `" + name + "` | `" + value + "` |");
            }
        }
    }

    @Test
    void theReasonsAreThoseThatReadinessGives() throws IOException {
        Map<String, String> given = new TreeMap<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(file -> file.toString().endsWith(".java")).toList()) {
                REASON.matcher(Files.readString(source))
                        .results()
                        .forEach(match -> given.put(
                                match.group(3) == null ? match.group(2) : match.group(2) + "<name>" + match.group(3),
                                match.group(1)));
            }
        }
        String page = page();
        String section = page.substring(page.indexOf("\n## Health and metrics\n"), page.indexOf("\n## Gateway\n"));

        Map<String, String> documented = REASON_ROW
                .matcher(section)
                .results()
                .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2), (a, b) -> a, TreeMap::new));

        assertThat(given).isNotEmpty();
        assertThat(documented).isEqualTo(given);
    }

    @Test
    void theDefaultsOfAPoolAreThoseOfTheCode() throws IOException {
        Set<String> unsaid = new TreeSet<>();
        for (RecordComponent key : Pool.class.getRecordComponents()) {
            Parameter parameter = parameterOf(key);
            DefaultValue fallback = parameter.getAnnotation(DefaultValue.class);
            if (fallback != null) {
                unsaid.add("| `firebreak.pools.<name>." + key.getName() + "` | `" + fallback.value()[0] + "` |");
            }
        }

        assertThat(unsaid).hasSize(2).allSatisfy(row -> assertThat(page()).contains(row));
    }

    private static Parameter parameterOf(RecordComponent key) {
        return Arrays.stream(Pool.class.getDeclaredConstructors()[0].getParameters())
                .filter(parameter -> parameter.getName().equals(key.getName()))
                .findFirst()
                .orElseThrow();
    }

    private static String page() throws IOException {
        return Files.readString(PAGE);
    }

    private static Iterable<JsonNode> properties() throws IOException {
        for (URL url : Collections.list(ConfigurationPageTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
            try (InputStream in = url.openStream()) {
                JsonNode properties = new JsonMapper().readTree(in).get("properties");
                if (properties
                        .valueStream()
                        .anyMatch(it -> it.get("name").asString().startsWith("firebreak."))) {
                    // The pools endpoint adds Boot's own switches for endpoints, which Boot documents.
                    return properties
                            .valueStream()
                            .filter(it -> it.get("name").asString().startsWith("firebreak."))
                            .toList();
                }
            }
        }
        throw new AssertionError("No metadata was generated");
    }
}
