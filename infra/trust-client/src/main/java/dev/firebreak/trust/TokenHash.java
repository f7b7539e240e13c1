package dev.firebreak.trust;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of a compact token: the key of the cache, so that no token lies in memory longer than its request. */
record TokenHash(long a, long b, long c, long d) {
    /**
     * Hashes what the caller sent, whatever it is. Characters outside Latin-1 become '?', which no accepted token
     * contains, so that such a string can never meet the hash of an accepted one.
     */
    static TokenHash of(String token) {
        ByteBuffer hash = ByteBuffer.wrap(sha256().digest(token.getBytes(StandardCharsets.ISO_8859_1)));
        return new TokenHash(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }

    /** The bits of a digest are spread evenly already; mixing them again costs time on every request. */
    @Override
    public int hashCode() {
        return Long.hashCode(a);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
