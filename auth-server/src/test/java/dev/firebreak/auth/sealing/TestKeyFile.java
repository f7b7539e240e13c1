package dev.firebreak.auth.sealing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A key file that tests rewrite as an operator does; keys go by letters. */
final class TestKeyFile {
    final Path file;

    /** @param keys letters, the sealing key first */
    TestKeyFile(Path folder, String keys) {
        try {
            file = Files.createTempFile(folder, "kek", ".key");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        holds(keys);
    }

    /** Replaces the content at once. */
    void holds(String keys) {
        List<String> lines = new ArrayList<>(List.of("# made by a test", ""));
        keys.chars().forEach(letter -> lines.add(line((char) letter)));
        write(String.join("\n", lines) + "\n");
    }

    void write(String content) {
        try {
            Path next = Files.createTempFile(file.getParent(), "kek", ".next");
            Files.writeString(next, content);
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String line(char letter) {
        return Base64.getEncoder().encodeToString(bytes(letter));
    }

    /** Id of the key of that letter. */
    static String id(char letter) {
        return new KeyEncryptionKey(bytes(letter)).id();
    }

    private static byte[] bytes(char letter) {
        byte[] key = new byte[KeyEncryptionKey.BYTES];
        key[0] = (byte) letter;
        return key;
    }
}
