package dev.firebreak.auth.sealing;

import dev.firebreak.trust.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads {@code auth.wrapping-key-file}: a key a line, base64 of 32 random bytes; the first line seals, the others only
 * open. Empty lines and lines that begin with {@code #} are skipped. Small, so it is read as a whole each time, which
 * notices every change.
 */
final class KeyFile {
    /** Far more than a rotation needs; a file with more is another file. */
    static final int MAX_KEYS = 8;

    private static final long MAX_BYTES = 16 * 1024;

    private final Path file;

    KeyFile(Path file) {
        this.file = file;
    }

    /**
     * The keys, the sealing one first; never none.
     *
     * @throws IllegalStateException with a message that says what to do and shows nothing of a key
     * @throws UncheckedIOException if the file cannot be read
     */
    List<KeyEncryptionKey> read() {
        List<String> lines;
        try {
            PrivateFiles.requireHidden(file);
            if (Files.size(file) > MAX_BYTES) {
                throw wrong("is larger than %d bytes".formatted(MAX_BYTES));
            }
            lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(
                    "auth.wrapping-key-file: %s does not exist; it holds base64 of 32 random bytes".formatted(file), e);
        } catch (IOException e) {
            throw new UncheckedIOException("auth.wrapping-key-file: cannot read " + file, e);
        }
        List<KeyEncryptionKey> keys = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                KeyEncryptionKey key = parse(line, i + 1);
                if (keys.stream().anyMatch(other -> other.id().equals(key.id()))) {
                    throw wrong("holds the key %s twice, again in line %d".formatted(key.id(), i + 1));
                }
                keys.add(key);
            }
        }
        if (keys.isEmpty()) {
            throw wrong("holds no key");
        }
        if (keys.size() > MAX_KEYS) {
            throw wrong("holds more than %d keys".formatted(MAX_KEYS));
        }
        return List.copyOf(keys);
    }

    private KeyEncryptionKey parse(String line, int number) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException notBase64) {
            // Without the cause: its message shows characters of the key.
            throw wrong("is not base64 in line %d".formatted(number));
        }
        if (key.length != KeyEncryptionKey.BYTES) {
            throw wrong("holds %d bytes in line %d, not %d".formatted(key.length, number, KeyEncryptionKey.BYTES));
        }
        return new KeyEncryptionKey(key);
    }

    private IllegalStateException wrong(String what) {
        return new IllegalStateException("auth.wrapping-key-file: %s %s".formatted(file, what));
    }
}
