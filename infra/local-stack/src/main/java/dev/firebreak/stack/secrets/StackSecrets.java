package dev.firebreak.stack.secrets;

import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.stack.layout.AtomicFile;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.ClientKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** The keys of the services. Made when missing, otherwise left alone: rotating them is somebody's decision. */
public final class StackSecrets {
    private static final int KEY_BYTES = 32;

    private final StackFolder folder;
    private final SecureRandom random = new SecureRandom();

    public StackSecrets(StackFolder folder) {
        this.folder = folder;
    }

    /** Makes the wrapping key and the cookie ring at the first start. */
    public void create() {
        writeOnce(folder.wrappingKey(), randomKey() + "\n");
        writeOnce(folder.cookieRing(), CookieRing.first().content());
    }

    /** Public half of a client's key, which is made at the first start. */
    public JWK clientKey(String clientId) {
        Path file = folder.clientKey(clientId);
        if (!Files.exists(file)) {
            // The id says whose key it is and never repeats: rotating means that two are known for a while.
            ClientKey.generate(clientId + "-" + randomSuffix()).save(file);
        }
        return ClientKey.load(file).publicJwk();
    }

    private static void writeOnce(Path file, String content) {
        if (Files.exists(file)) {
            return;
        }
        try {
            AtomicFile.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private String randomKey() {
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }

    private String randomSuffix() {
        byte[] suffix = new byte[4];
        random.nextBytes(suffix);
        return HexFormat.of().formatHex(suffix);
    }
}
