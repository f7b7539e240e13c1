package dev.firebreak.auth.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a text so that only this deployment can open it, and only as what it was sealed for: AES-256-GCM, the purpose as
 * additional data. Each seal has a key and nonce of its own, derived from a random salt (HKDF-SHA256, RFC 5869), so that
 * no number of seals under one root key comes near GCM's limit for random nonces. Immutable, thread-safe.
 */
public final class Seal {
    private static final String VERSION = "v1.";
    private static final int SALT_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    // Longer than any cookie that a browser keeps.
    private static final int MAX_CHARACTERS = 4096;

    private final Supplier<byte[]> sealing;
    private final Supplier<List<byte[]>> opening;
    private final byte[] purpose;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param keys root keys of 32 bytes that serve this use only; a seal outlives a rotation of them
     * @param purpose what is sealed, and for whom; another purpose does not open it
     */
    public Seal(DerivedKeys keys, String purpose) {
        this(keys::sealing, keys::opening, purpose);
    }

    /** Under one root key of 32 bytes that does not change. */
    public Seal(byte[] root, String purpose) {
        this(() -> root, () -> List.of(root), purpose);
    }

    Seal(Supplier<byte[]> sealing, Supplier<List<byte[]>> opening, String purpose) {
        this.sealing = sealing;
        this.opening = opening;
        this.purpose = (VERSION + purpose).getBytes(StandardCharsets.UTF_8);
    }

    /** Characters that may stand in a cookie. */
    public String seal(String text) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, sealing.get(), salt).doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] all = ByteBuffer.allocate(salt.length + sealed.length)
                    .put(salt)
                    .put(sealed)
                    .array();
            return VERSION + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of every JDK", e);
        }
    }

    /** What was sealed; absent if this is none of our seals, or was changed, or was made for something else. */
    public Optional<String> open(String sealed) {
        if (!sealed.startsWith(VERSION) || sealed.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(sealed.substring(VERSION.length()));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
        if (all.length < SALT_BYTES + TAG_BITS / 8) {
            return Optional.empty();
        }
        for (byte[] root : opening.get()) {
            Optional<String> text = open(root, all);
            if (text.isPresent()) {
                return text;
            }
        }
        return Optional.empty();
    }

    private Optional<String> open(byte[] root, byte[] all) {
        try {
            byte[] text = cipher(Cipher.DECRYPT_MODE, root, Arrays.copyOf(all, SALT_BYTES))
                    .doFinal(all, SALT_BYTES, all.length - SALT_BYTES);
            return Optional.of(new String(text, StandardCharsets.UTF_8));
        } catch (AEADBadTagException changed) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM is part of every JDK", e);
        }
    }

    private Cipher cipher(int mode, byte[] root, byte[] salt) throws GeneralSecurityException {
        byte[] material = KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.ofExtract()
                        .addIKM(new SecretKeySpec(root, "Generic"))
                        .addSalt(salt)
                        .thenExpand(purpose, KEY_BYTES + NONCE_BYTES));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(material, 0, KEY_BYTES, "AES"),
                new GCMParameterSpec(TAG_BITS, material, KEY_BYTES, NONCE_BYTES));
        cipher.updateAAD(purpose);
        return cipher;
    }
}
