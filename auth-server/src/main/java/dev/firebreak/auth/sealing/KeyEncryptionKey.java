package dev.firebreak.auth.sealing;

import dev.firebreak.auth.sealing.KeyWrapper.Place;
import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One key-encryption key. It encrypts nothing itself; each use has a key of its own derived from it (HKDF-SHA256,
 * RFC 5869), so that no two uses share one. Immutable.
 */
final class KeyEncryptionKey {
    static final int BYTES = 32;

    private static final byte FORMAT = 1;
    /** Size that NIST SP 800-38D recommends for random nonces; we seal a handful of values, far from its 2^32 limit. */
    private static final int NONCE_BYTES = 12;

    private static final int TAG_BITS = 128;
    private static final String WRAPPING = "firebreak/wrap/aes-256-gcm/v1";
    private static final String KEY_ID = "firebreak/key-id/v1";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SecretKey root;
    private final SecretKey wrapping;
    private final String id;

    /** @param key {@link #BYTES} random bytes */
    KeyEncryptionKey(byte[] key) {
        this.root = new SecretKeySpec(key, "Generic");
        this.wrapping = new SecretKeySpec(derive(WRAPPING, 32), "AES");
        this.id = "f-" + HexFormat.of().formatHex(derive(KEY_ID, 6));
    }

    /** Derived from the key, so that the same key has the same id on every node and says nothing of the key. */
    String id() {
        return id;
    }

    /** Key material for one use, the same at each start. {@code info} names the use and its version. */
    byte[] derive(String info, int bytes) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract()
                            .addIKM(root)
                            .thenExpand(info.getBytes(StandardCharsets.UTF_8), bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is part of JDK 25", e);
        }
    }

    Sealed seal(byte[] secret, Place place) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, place).doFinal(secret);
            byte[] value = ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORMAT)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return new Sealed(id, value);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Cannot seal for " + place, e);
        }
    }

    byte[] open(byte[] sealed, Place place) {
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
        for (String part : new String[] {place.table(), place.column(), place.rowId(), place.purpose(), id}) {
            parts.append(part.length()).append(':').append(part).append(';');
        }
        return parts.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "KeyEncryptionKey[" + id + "]";
    }
}
