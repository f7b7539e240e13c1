package dev.firebreak.auth.sealing;

import dev.firebreak.trust.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key-encryption key from a file: base64 of 32 random bytes. The file's key itself encrypts nothing; each use has a
 * key of its own derived from it (HKDF-SHA256, RFC 5869), so that no two uses share one. Immutable.
 */
public final class FileKeyWrapper implements KeyWrapper {
    private static final byte FORMAT = 1;
    /** Size that NIST SP 800-38D recommends for random nonces; we seal a handful of values, far from its 2^32 limit. */
    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final String WRAPPING = "firebreak/wrap/aes-256-gcm/v1";
    private static final String KEY_ID = "firebreak/key-id/v1";

    private final SecretKey root;
    private final SecretKey wrapping;
    private final String keyId;
    private final SecureRandom random = new SecureRandom();

    private FileKeyWrapper(byte[] key) {
        this.root = new SecretKeySpec(key, "Generic");
        this.wrapping = new SecretKeySpec(derive(WRAPPING, 32), "AES");
        this.keyId = "f-" + HexFormat.of().formatHex(derive(KEY_ID, 6));
    }

    /** Reads the key; a message that says what to do if the file is missing or is not such a key. */
    public static FileKeyWrapper load(Path file) {
        byte[] key;
        try {
            PrivateFiles.requireHidden(file);
            key = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(
                    "auth.wrapping-key-file: %s does not exist; it holds base64 of 32 random bytes".formatted(file), e);
        } catch (IOException e) {
            throw new UncheckedIOException("auth.wrapping-key-file: cannot read " + file, e);
        } catch (IllegalArgumentException e) {
            // Without the cause: its message shows characters of the key.
            throw new IllegalStateException("auth.wrapping-key-file: %s is not base64".formatted(file));
        }
        if (key.length != 32) {
            throw new IllegalStateException(
                    "auth.wrapping-key-file: %s holds %d bytes, not 32".formatted(file, key.length));
        }
        return new FileKeyWrapper(key);
    }

    /** Key material for one use, the same at each start. {@code info} names the use and its version. */
    public byte[] derive(String info, int bytes) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(root)
                            .thenExpand(info.getBytes(StandardCharsets.UTF_8), bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is part of JDK 25", e);
        }
    }

    @Override
    public String keyId() {
        return keyId;
    }

    @Override
    public byte[] wrap(byte[] secret, Place place) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(secret);
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORMAT)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot seal for " + place, e);
        }
    }

    @Override
    public byte[] unwrap(String sealedUnder, byte[] sealed, Place place) {
        if (!sealedUnder.equals(keyId)) {
            throw new IllegalStateException("%s is sealed under wrapping key %s, but auth.wrapping-key-file holds %s"
                    .formatted(place, sealedUnder, keyId));
        }
        if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORMAT) {
            throw new IllegalStateException("The sealed value of %s has an unknown format".formatted(place));
        }
        try {
            byte[] nonce = Arrays.copyOfRange(sealed, 1, 1 + NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, nonce, place)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The sealed value of %s was changed or moved".formatted(place), e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, Place place) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, wrapping, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(associatedData(place));
        return cipher;
    }

    /** Unambiguous: each part is preceded by its length. */
    private byte[] associatedData(Place place) {
        StringBuilder parts = new StringBuilder();
        for (String part : new String[] {place.table(), place.column(), place.rowId(), place.purpose(), keyId}) {
            parts.append(part.length()).append(':').append(part).append(';');
        }
        return parts.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "FileKeyWrapper[" + keyId + "]";
    }
}
