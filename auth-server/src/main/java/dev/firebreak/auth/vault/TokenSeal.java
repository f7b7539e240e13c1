package dev.firebreak.auth.vault;

import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals Google's tokens, AES-256-GCM under a data key of each row version, which the {@link KeyWrapper} seals in turn: a
 * re-wrap touches the data keys and never a token. What is authenticated names table, column, row, user, service and
 * version, so that a value moved to another place, or put back from an older version, does not open (ADR 22). Thread-safe.
 */
final class TokenSeal {
    static final SealedColumn GRANT_KEYS =
            new SealedColumn("google_account_grant", "id", "sealed_data_key", "google-refresh-token");
    static final SealedColumn TOKEN_KEYS =
            new SealedColumn("user_oauth_tokens", "id", "sealed_data_key", "google-access-token");

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final KeyWrapper wrapper;

    TokenSeal(KeyWrapper wrapper) {
        this.wrapper = wrapper;
    }

    /**
     * Which token.
     *
     * @param keys the column of its data key
     * @param column the column of the token
     * @param service wire name; empty for a grant, which serves all
     * @param version of the token in its row
     */
    record Place(SealedColumn keys, String column, UUID row, UUID user, String service, long version) {
        static Place refreshToken(UUID grant, UUID user, long version) {
            return new Place(GRANT_KEYS, "sealed_refresh_token", grant, user, "", version);
        }

        static Place accessToken(UUID row, UUID user, GoogleService service, long version) {
            return new Place(TOKEN_KEYS, "sealed_access_token", row, user, service.wireName(), version);
        }

        /** Length before each part, so that no two places have the same bytes. */
        private byte[] authenticated() {
            byte[][] parts = {
                bytes(keys.table()),
                bytes(column),
                bytes(row.toString()),
                bytes(user.toString()),
                bytes(service),
                bytes(Long.toString(version))
            };
            int length = 0;
            for (byte[] part : parts) {
                length += Integer.BYTES + part.length;
            }
            ByteBuffer all = ByteBuffer.allocate(length);
            for (byte[] part : parts) {
                all.putInt(part.length).put(part);
            }
            return all.array();
        }

        private static byte[] bytes(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * A sealed token with its data key, as a row holds both.
     *
     * @param value nonce and ciphertext
     */
    @SuppressWarnings("ArrayRecordComponent")
    record SealedToken(byte[] value, byte[] dataKey, String wrappingKeyId) {
        @Override
        public String toString() {
            return "SealedToken[" + wrappingKeyId + "]";
        }
    }

    SealedToken seal(String token, Place place) {
        byte[] key = random(KEY_BYTES);
        byte[] nonce = random(NONCE_BYTES);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, token.getBytes(StandardCharsets.UTF_8), place);
        KeyWrapper.Sealed wrapped =
                wrapper.wrap(key, place.keys().place(place.row().toString()));
        byte[] value = ByteBuffer.allocate(nonce.length + sealed.length)
                .put(nonce)
                .put(sealed)
                .array();
        return new SealedToken(value, wrapped.value(), wrapped.keyId());
    }

    /** @throws IllegalStateException if a key is missing, or the value was changed or belongs elsewhere */
    String open(SealedToken sealed, Place place) {
        byte[] key = wrapper.unwrap(
                sealed.wrappingKeyId(),
                sealed.dataKey(),
                place.keys().place(place.row().toString()));
        byte[] value = sealed.value();
        if (value.length < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
            throw new IllegalStateException("The token of row %s is cut short".formatted(place.row()));
        }
        byte[] nonce = new byte[NONCE_BYTES];
        byte[] rest = new byte[value.length - NONCE_BYTES];
        ByteBuffer.wrap(value).get(nonce).get(rest);
        return new String(crypt(Cipher.DECRYPT_MODE, key, nonce, rest, place), StandardCharsets.UTF_8);
    }

    private static byte[] crypt(int mode, byte[] key, byte[] nonce, byte[] text, Place place) {
        try {
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(place.authenticated());
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The token of row %s does not open".formatted(place.row()), e);
        }
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }
}
