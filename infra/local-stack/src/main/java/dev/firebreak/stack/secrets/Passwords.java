package dev.firebreak.stack.secrets;

import dev.firebreak.stack.layout.AtomicFile;
import dev.firebreak.stack.layout.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/** Passwords of database roles, one file each. */
public final class Passwords {
    /** 192 bits: 32 characters of base64url, which no connection string needs to escape. */
    private static final int BYTES = 24;

    private Passwords() {}

    /** Makes the file if it is missing, and returns it. */
    public static Path create(Path file) {
        if (!Files.exists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            try {
                AtomicFile.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
        return file;
    }

    public static String readOrCreate(Path file) {
        return read(create(file));
    }

    public static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Fails when data is there whose password is not. */
    public static void require(Path file, Path data) {
        if (!Files.exists(file)) {
            throw new StackException(
                    file + " is missing, but " + data + " was made with it",
                    "put the file back, or start over: ./firebreak up --fresh");
        }
    }
}
