package dev.firebreak.auth.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * One client's file, read strictly: an unknown key, a wrong type or a missing value is an error that names the key, because
 * a misspelt {@code public} or {@code scopes} would otherwise change what a client may do.
 */
final class ClientFile {
    private static final Set<String> KEYS = Set.of(
            "id",
            "name",
            "public",
            "grants",
            "redirect-uris",
            "scopes",
            "internal",
            "google",
            "google-offline",
            "events",
            "keys");
    /** A client's file is 1 KB; nothing of ours needs aliases or depth. */
    private static final int MAX_CODE_POINTS = 64 * 1024;

    private final Map<String, Object> values;

    private ClientFile(Map<String, Object> values) {
        this.values = values;
    }

    /** The file's values; {@link IllegalArgumentException} says what is wrong. */
    static ClientFile parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(5);
        options.setCodePointLimit(MAX_CODE_POINTS);
        Object root;
        try {
            root = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("is not YAML: " + e.getMessage(), e);
        }
        if (!(root instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("must hold a map of keys");
        }
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
        Set<String> unknown = new TreeSet<>(values.keySet());
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "has unknown keys %s; there are %s".formatted(unknown, new TreeSet<>(KEYS)));
        }
        return new ClientFile(values);
    }

    String text(String key) {
        if (values.get(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new IllegalArgumentException("needs text at '%s'".formatted(key));
    }

    boolean flag(String key) {
        Object value = values.getOrDefault(key, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException("needs true or false at '%s'".formatted(key));
    }

    List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Object element : list(key)) {
            if (!(element instanceof String text) || text.isBlank()) {
                throw new IllegalArgumentException("needs a list of texts at '%s'".formatted(key));
            }
            texts.add(text);
        }
        return texts;
    }

    List<Map<String, Object>> maps(String key) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (Object element : list(key)) {
            if (!(element instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("needs a list of maps at '%s'".formatted(key));
            }
            Map<String, Object> copy = new LinkedHashMap<>();
            map.forEach((name, value) -> copy.put(String.valueOf(name), value));
            maps.add(copy);
        }
        return maps;
    }

    private List<?> list(String key) {
        @Nullable Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("needs a list at '%s'".formatted(key));
    }
}
