package dev.firebreak.auth.google;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our secrets at Google, read from their files at each use: a few bytes, and a new one needs no restart. The one that
 * worked last is tried first. Thread-safe.
 */
final class ClientSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(ClientSecrets.class);
    private static final long MAX_BYTES = 1024;

    private final List<Path> files;
    private volatile int preferred;

    ClientSecrets(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /**
     * One of them.
     *
     * @param index of its file
     */
    record Secret(int index, String value) {
        @Override
        public String toString() {
            return "Secret[" + index + "]";
        }
    }

    /** Those that can be read, in the order in which to try them. */
    List<Secret> inOrder() {
        List<Secret> secrets = new ArrayList<>();
        int first = preferred;
        for (int i = 0; i < files.size(); i++) {
            int index = (first + i) % files.size();
            try {
                Path file = files.get(index);
                if (Files.size(file) > MAX_BYTES) {
                    throw new IOException("larger than %d bytes".formatted(MAX_BYTES));
                }
                String value = Files.readString(file, StandardCharsets.UTF_8).strip();
                if (!value.isEmpty()) {
                    secrets.add(new Secret(index, value));
                }
            } catch (IOException e) {
                LOG.warn("auth.google.client-secret-files: {} cannot be read: {}", files.get(index), e.toString());
            }
        }
        return secrets;
    }

    void worked(Secret secret) {
        preferred = secret.index();
    }
}
