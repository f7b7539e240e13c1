package dev.firebreak.gateway.seal;

import dev.firebreak.gateway.platform.PublicOrigin;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;

/**
 * Seals values into {@code v1.<key id>.<payload>} and opens them. Payload: base64url of a 32-byte salt and AES-256-GCM
 * ciphertext. Each value has its own key and nonce, HKDF-SHA-256 (RFC 5869) of the ring key under the salt, so that the
 * number of values one ring key may seal has no practical bound. Bound to the cookie's name, the public origin and the key
 * id: a value means nothing under another name or in another deployment. For any number of threads; no I/O.
 */
@Component
public final class Seal {
    private static final String VERSION = "v1";
    private static final int SALT_BYTES = 32;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] INFO = "firebreak cookie v1".getBytes(StandardCharsets.US_ASCII);
    /** More than any cookie that a browser keeps: longer ones are not worth the work. */
    private static final int MAX_CHARS = 8192;

    private final RingFile ring;
    private final String origin;
    private final SecureRandom random;

    Seal(RingFile ring, PublicOrigin origin, SecureRandom random) {
        this.ring = ring;
        this.origin = origin.value();
        this.random = random;
    }

    /** Seals with the ring's sealing key. */
    public String seal(String cookieName, byte[] content) {
        Ring.Key key = ring.current().sealing();
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, salt, cookieName).doFinal(content);
            byte[] payload = ByteBuffer.allocate(SALT_BYTES + sealed.length)
                    .put(salt)
                    .put(sealed)
                    .array();
            return VERSION + "." + key.id() + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(payload);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A value could not be sealed with key " + key.id(), e);
        }
    }

    /** Opens a value that came in under this cookie name. Never throws for any input. */
    public Opened open(String cookieName, String value) {
        String[] parts = value.length() > MAX_CHARS ? new String[0] : value.split("\\.", 4);
        if (parts.length != 3) {
            return new Opened.Invalid("not a sealed value");
        }
        if (!parts[0].equals(VERSION)) {
            // A newer gateway sealed it, in the middle of a roll-out or before a roll-back.
            return parts[0].matches("v[0-9]{1,3}")
                    ? new Opened.KeyUnknown(parts[0])
                    : new Opened.Invalid("not a sealed value");
        }
        Ring.Key key = ring.current().find(parts[1]).orElse(null);
        if (key == null) {
            return new Opened.KeyUnknown(parts[1]);
        }
        return key.state() == Ring.State.RETIRED
                ? new Opened.Invalid("sealed with a retired key")
                : open(cookieName, key, parts[2]);
    }

    private Opened open(String cookieName, Ring.Key key, String text) {
        byte[] payload;
        try {
            payload = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new Opened.Invalid("not a sealed value");
        }
        if (payload.length <= SALT_BYTES + TAG_BITS / 8) {
            return new Opened.Invalid("not a sealed value");
        }
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(payload, 0, salt, 0, SALT_BYTES);
        try {
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, salt, cookieName);
            return new Opened.Content(cipher.doFinal(payload, SALT_BYTES, payload.length - SALT_BYTES));
        } catch (AEADBadTagException e) {
            return new Opened.Invalid("altered");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A sealed value could not be opened with key " + key.id(), e);
        }
    }

    private Cipher cipher(int mode, Ring.Key key, byte[] salt, String cookieName) throws GeneralSecurityException {
        AlgorithmParameterSpec derivation = HKDFParameterSpec.ofExtract()
                .addIKM(key.secret())
                .addSalt(salt)
                .thenExpand(INFO, KEY_BYTES + NONCE_BYTES);
        byte[] derived = KDF.getInstance("HKDF-SHA256").deriveData(derivation);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(derived, 0, KEY_BYTES, "AES"),
                new GCMParameterSpec(TAG_BITS, derived, KEY_BYTES, NONCE_BYTES));
        // Line feeds cannot occur in any of the three.
        cipher.updateAAD((cookieName + "\n" + origin + "\n" + key.id()).getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
