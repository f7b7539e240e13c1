package dev.firebreak.auth.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Reads {@code clients.d}: small, so it is read as a whole each time, which notices every change. */
final class ClientFolder {
    private static final int MAX_FILES = 1000;
    private static final long MAX_BYTES = 64 * 1024;

    private final Path folder;

    ClientFolder(Path folder) {
        this.folder = folder;
    }

    /** Content of each {@code *.yaml} by file name. */
    Map<String, String> read() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(".yaml"))
                    .limit(MAX_FILES + 1L)
                    .toList();
        } catch (NoSuchFileException e) {
            throw new IOException("auth.clients-folder: %s does not exist".formatted(folder), e);
        }
        if (files.size() > MAX_FILES) {
            throw new IOException("auth.clients-folder: %s holds more than %d files".formatted(folder, MAX_FILES));
        }
        Map<String, String> contents = new TreeMap<>();
        for (Path file : files) {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("%s is larger than %d bytes".formatted(file, MAX_BYTES));
            }
            contents.put(file.getFileName().toString(), Files.readString(file, StandardCharsets.UTF_8));
        }
        return contents;
    }

    /** Clients by id; {@link IllegalArgumentException} names the file and what is wrong with it. */
    static Map<String, Client> parse(Map<String, String> contents) {
        Map<String, Client> clients = new LinkedHashMap<>();
        contents.forEach((file, yaml) -> {
            try {
                Client client = ClientReader.read(yaml);
                if (!file.equals(client.id() + ".yaml")) {
                    throw new IllegalArgumentException("has id '%s' and another name".formatted(client.id()));
                }
                clients.put(client.id(), client);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Client file %s %s".formatted(file, e.getMessage()), e);
            }
        });
        return clients;
    }
}
