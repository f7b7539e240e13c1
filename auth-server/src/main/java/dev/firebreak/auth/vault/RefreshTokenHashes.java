package dev.firebreak.auth.vault;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The two ways in which Google's event "token-revoked" names a refresh token, hashed: neither gives the token away. */
final class RefreshTokenHashes {
    private static final int PREFIX_CHARS = 16;

    private RefreshTokenHashes() {}

    /** Of the token's first 16 characters ({@code prefix}). */
    static byte[] ofPrefix(String token) {
        String prefix = token.substring(0, Math.min(PREFIX_CHARS, token.length()));
        return digest("SHA-256", bytes(prefix));
    }

    /** Of what Google calls {@code hash_base64_sha512_sha512}, decoded: the token hashed twice by SHA-512. */
    static byte[] ofGoogleHash(String token) {
        return digest("SHA-256", digest("SHA-512", digest("SHA-512", bytes(token))));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has " + algorithm, e);
        }
    }
}
