package dev.firebreak.auth.webhook;

import dev.firebreak.auth.egress.Egress;
import dev.firebreak.contracts.event.EventType;
import dev.firebreak.trust.PrivateFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads {@code webhooks.d}: one file a receiver, named after its id, read strictly. Small, so it is read as a whole each
 * time, which notices every change, also of a secret.
 */
final class WebhookFolder {
    private static final Set<String> KEYS = Set.of("id", "url", "events", "secret-files");
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,39}");
    /** Each is a label of metrics and has a share of every run. */
    private static final int MAX_FILES = 100;

    private static final long MAX_BYTES = 16 * 1024;
    private static final int MAX_SECRETS = 2;

    private final Path folder;
    private final Egress egress;

    WebhookFolder(Path folder, Egress egress) {
        this.folder = folder;
        this.egress = egress;
    }

    /**
     * Receivers by id.
     *
     * @throws IllegalArgumentException names the file and what is wrong with it
     */
    Map<String, Webhook> read() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
        if (files.size() > MAX_FILES) {
            throw new IllegalArgumentException(
                    "auth.webhook.folder: %s holds more than %d files".formatted(folder, MAX_FILES));
        }
        Map<String, Webhook> webhooks = new TreeMap<>();
        for (Path file : files) {
            try {
                Webhook webhook = webhook(text(file));
                if (!file.getFileName().toString().equals(webhook.id() + ".yaml")) {
                    throw new IllegalArgumentException("has id '%s' and another name".formatted(webhook.id()));
                }
                webhooks.put(webhook.id(), webhook);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new IllegalArgumentException(
                        "Webhook file %s %s".formatted(file.getFileName(), e.getMessage()), e);
            }
        }
        return webhooks;
    }

    private static String text(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IllegalArgumentException("is larger than %d bytes".formatted(MAX_BYTES));
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private Webhook webhook(String yaml) throws IOException {
        Map<?, ?> values = values(yaml);
        String id = text(values, "id");
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("has an id that is not lower-case letters, digits, '-'");
        }
        URI url = URI.create(text(values, "url"));
        try {
            egress.requireUsable(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a url that " + e.getMessage(), e);
        }
        Set<EventType> events = EnumSet.noneOf(EventType.class);
        texts(values, "events").forEach(pattern -> events.addAll(EventType.matching(pattern)));
        List<WebhookSecret> secrets = new ArrayList<>();
        for (String file : texts(values, "secret-files")) {
            secrets.add(secret(folder.resolve(file)));
        }
        if (secrets.size() > MAX_SECRETS) {
            throw new IllegalArgumentException("has more than %d secret-files".formatted(MAX_SECRETS));
        }
        return new Webhook(id, url, events, secrets);
    }

    private static WebhookSecret secret(Path file) throws IOException {
        PrivateFiles.requireHidden(file);
        try {
            return WebhookSecret.of(text(file).strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a secret, %s, that %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Map<?, ?> values(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(5);
        Object root;
        try {
            root = new Yaml(new SafeConstructor(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("is not YAML: " + e.getMessage(), e);
        }
        if (!(root instanceof Map<?, ?> values)) {
            throw new IllegalArgumentException("must hold a map of keys");
        }
        Set<String> unknown = new TreeSet<>();
        values.keySet().forEach(key -> unknown.add(String.valueOf(key)));
        unknown.removeAll(KEYS);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "has unknown keys %s; there are %s".formatted(unknown, new TreeSet<>(KEYS)));
        }
        return values;
    }

    private static String text(Map<?, ?> values, String key) {
        if (values.get(key) instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new IllegalArgumentException("needs text at '%s'".formatted(key));
    }

    private static List<String> texts(Map<?, ?> values, String key) {
        List<String> texts = new ArrayList<>();
        if (values.get(key) instanceof List<?> list) {
            for (Object element : list) {
                if (!(element instanceof String text) || text.isBlank()) {
                    throw new IllegalArgumentException("needs a list of texts at '%s'".formatted(key));
                }
                texts.add(text);
            }
        }
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("needs a list of at least one text at '%s'".formatted(key));
        }
        return texts;
    }
}
