package dev.firebreak.tasks;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The OpenAPI document of the task API, held against real answers: status, media type, required headers and body of each.
 * Remembers what was seen, so that a test can ask for what never was.
 */
final class OpenApiContract {
    private static final String DOCUMENT = "openapi/tasks.yaml";
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private final JsonNode document;
    private final SchemaRegistry schemas;
    private final Map<Pattern, String> paths =
            new TreeMap<>((a, b) -> a.pattern().compareTo(b.pattern()));
    private final Map<String, Schema> compiled = new ConcurrentHashMap<>();

    private OpenApiContract(JsonNode document) {
        this.document = document;
        this.schemas = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(),
                // "format" only annotates by default: a date that is no date would pass.
                builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                        .formatAssertionsEnabled(true)
                        .build()));
        for (String path : document.get("paths").propertyNames()) {
            paths.put(Pattern.compile(path.replaceAll("\\{\\w+}", "[^/]+")), path);
        }
    }

    static OpenApiContract load() {
        try (InputStream in = OpenApiContract.class.getClassLoader().getResourceAsStream(DOCUMENT)) {
            return new OpenApiContract(new YAMLMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each operation and the scope it asks for: {@code GET /api/v1/tasks tasks:read}. */
    Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        for (String path : document.get("paths").propertyNames()) {
            JsonNode item = document.get("paths").get(path);
            for (String method : item.propertyNames()) {
                if (METHODS.contains(method)) {
                    String scope = item.get(method).at("/security/0/bearer/0").asString();
                    operations.add(method.toUpperCase(Locale.ROOT) + " " + path + " " + scope);
                }
            }
        }
        return operations;
    }

    /** Each documented outcome: {@code GET /api/v1/tasks 200}. */
    Set<String> outcomes() {
        Set<String> outcomes = new TreeSet<>();
        for (String path : document.get("paths").propertyNames()) {
            JsonNode item = document.get("paths").get(path);
            for (String method : item.propertyNames()) {
                if (METHODS.contains(method)) {
                    for (String status : item.get(method).get("responses").propertyNames()) {
                        outcomes.add(method.toUpperCase(Locale.ROOT) + " " + path + " " + status);
                    }
                }
            }
        }
        return outcomes;
    }

    /** Outcomes that any test of this JVM has met. */
    static Set<String> seen() {
        return new TreeSet<>(SEEN);
    }

    /** Fails if the document does not allow the answer. Requests outside the document are nobody's contract. */
    void check(String method, String pathAndQuery, Api.Answer answer) {
        String path = pathAndQuery.replaceAll("\\?.*", "");
        String template = paths.entrySet().stream()
                .filter(entry -> entry.getKey().matcher(path).matches())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        JsonNode operation =
                template == null ? null : document.get("paths").get(template).get(method.toLowerCase(Locale.ROOT));
        if (operation == null) {
            return;
        }
        String outcome = method + " " + template + " " + answer.status();
        List<String> faults = faults(operation, answer);
        if (!faults.isEmpty()) {
            throw new AssertionError("%s breaks the contract: %s%n%s %s"
                    .formatted(outcome, faults, answer.headers().map(), answer.text()));
        }
        SEEN.add(outcome);
    }

    private List<String> faults(JsonNode operation, Api.Answer answer) {
        JsonNode response = resolve(operation.get("responses").get(String.valueOf(answer.status())));
        if (response == null) {
            return List.of("status is not documented");
        }
        List<String> faults = new ArrayList<>();
        JsonNode headers = response.path("headers");
        for (String name : headers.propertyNames()) {
            JsonNode header = resolve(headers.get(name));
            String value = answer.header(name);
            if (value == null) {
                faults.add("header " + name + " is missing");
            } else {
                faults.addAll(faultsOfHeader(name, header.get("schema"), value));
            }
        }
        faults.addAll(faultsOfBody(response.path("content"), answer));
        return faults;
    }

    private List<String> faultsOfHeader(String name, JsonNode schema, String value) {
        String literal =
                "integer".equals(schema.path("type").asString("")) ? value : "\"" + value.replace("\"", "\\\"") + "\"";
        return schema(schema).validate(new JsonMapper().readTree(literal)).stream()
                .map(error -> "header " + name + ": " + error.getMessage())
                .toList();
    }

    private List<String> faultsOfBody(JsonNode content, Api.Answer answer) {
        if (content.isEmpty()) {
            return answer.text().isEmpty() ? List.of() : List.of("body where none is documented");
        }
        String type = String.valueOf(answer.header("Content-Type")).replaceAll(";.*", "");
        JsonNode media = content.get(type);
        if (media == null) {
            return List.of("media type " + type + " is not documented");
        }
        return schema(media.get("schema")).validate(answer.body()).stream()
                .map(Error::toString)
                .toList();
    }

    private Schema schema(JsonNode schema) {
        return compiled.computeIfAbsent(schema.toString(), _ -> {
            ObjectNode absolute = ((ObjectNode) schema).deepCopy();
            if (absolute.has("$ref")) {
                absolute.put(
                        "$ref", "classpath:" + DOCUMENT + absolute.get("$ref").asString());
            }
            return schemas.getSchema(absolute);
        });
    }

    private JsonNode resolve(JsonNode node) {
        return node != null && node.has("$ref")
                ? document.at(node.get("$ref").asString().substring(1))
                : node;
    }
}
