package dev.firebreak.auth.grant;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the refresh tokens' MAC, in memory. Immutable.
 *
 * @param keys every key whose tokens are accepted, by id
 * @param revoked ids of the keys that were taken back: whatever claims to be theirs is refused
 * @param making id of the key that makes new tokens; absent while none does
 */
record MacRing(
        Map<String, SecretKey> keys,
        Set<String> revoked,
        @Nullable String making) {
    private static final String HMAC = "HmacSHA256";

    static final MacRing EMPTY = new MacRing(Map.of(), null);

    MacRing {
        keys = Map.copyOf(keys);
        revoked = Set.copyOf(revoked);
    }

    /** Without a revoked key. */
    MacRing(Map<String, SecretKey> keys, @Nullable String making) {
        this(keys, Set.of(), making);
    }

    static SecretKey key(byte[] secret) {
        return new SecretKeySpec(secret, HMAC);
    }

    /** A token that this ring accepts. */
    String make(UUID family, long generation, String clientId) {
        String id = making;
        SecretKey key = id == null ? null : keys.get(id);
        if (id == null || key == null) {
            throw unavailable("No key makes refresh tokens at the moment");
        }
        return RefreshToken.format(id, family, generation, mac(key, id, family, generation, clientId));
    }

    /**
     * True if this ring made the token for that client; false is proof that it did not.
     *
     * @throws ServiceException if the key is not (yet) in this node's ring: that proves nothing
     */
    boolean made(RefreshToken token, String clientId) {
        if (isRevoked(token)) {
            return false;
        }
        SecretKey key = keys.get(token.macKeyId());
        if (key == null) {
            throw unavailable("The key of this refresh token is not known to this node");
        }
        byte[] expected = mac(key, token.macKeyId(), token.family(), token.generation(), clientId);
        return MessageDigest.isEqual(expected, token.mac());
    }

    /** True if the key of the token was taken back: it proves nothing any more, whoever made it. */
    boolean isRevoked(RefreshToken token) {
        return revoked.contains(token.macKeyId());
    }

    private static byte[] mac(SecretKey key, String id, UUID family, long generation, String clientId) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return mac.doFinal(
                    RefreshToken.macInput(id, family, generation, clientId).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every JDK", e);
        }
    }

    private static ServiceException unavailable(String detail) {
        return new ServiceException(AuthError.UNAVAILABLE, detail);
    }

    @Override
    public String toString() {
        return "MacRing[" + keys.keySet() + ", revoked " + revoked + ", making " + making + "]";
    }
}
