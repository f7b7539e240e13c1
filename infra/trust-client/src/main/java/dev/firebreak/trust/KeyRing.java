package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.interfaces.ECPublicKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys of one snapshot, made ready to verify. Immutable; built once for each key set. */
final class KeyRing {
    static final KeyRing EMPTY = new KeyRing(Map.of(), Map.of());

    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    /** Smallest RSA key for RS256 (RFC 7518, 3.3). */
    private static final int MIN_RSA_BITS = 2048;
    /** ES256 signatures are R and S of 32 bytes each (RFC 7518, 3.4). */
    private static final int ES256_BYTES = 64;

    private final Map<String, JWK> source;
    private final Map<String, Key> keys;

    private KeyRing(Map<String, JWK> source, Map<String, Key> keys) {
        this.source = source;
        this.keys = keys;
    }

    /** A key that can be used: the one algorithm it serves, and the code that does it. */
    record Key(JWSAlgorithm algorithm, JWSVerifier verifier) {
        /** False is proof of a bad signature; an exception is trouble of our own. */
        boolean verifies(JWSAlgorithm claimed, byte[] signingInput, Base64URL signature) throws JOSEException {
            if (!claimed.equals(algorithm)) {
                return false;
            }
            if (algorithm.equals(JWSAlgorithm.ES256) && signature.decode().length != ES256_BYTES) {
                return false;
            }
            return verifier.verify(new JWSHeader(algorithm), signingInput, signature);
        }
    }

    /** Whether a key of this kind can ever verify here. */
    static boolean canUse(JWK jwk) {
        try {
            return prepare(jwk).isPresent();
        } catch (JOSEException | GeneralSecurityException e) {
            // The caller says so, once: it asks again with each answer of the feed.
            return false;
        }
    }

    static KeyRing of(Map<String, JWK> source) {
        Map<String, Key> keys = new HashMap<>();
        source.forEach((kid, jwk) -> {
            try {
                prepare(jwk)
                        .ifPresentOrElse(
                                key -> keys.put(kid, key),
                                () -> LOG.warn("Key {} is of a kind that is not used here: {}", kid, jwk.getKeyType()));
            } catch (JOSEException | GeneralSecurityException e) {
                LOG.error("Key {} cannot be used; tokens signed by it are refused", kid, e);
            }
        });
        return new KeyRing(source, Map.copyOf(keys));
    }

    /** Whether this ring was built from exactly this map: the feed keeps the map while the key set stays. */
    boolean isOf(Map<String, JWK> candidate) {
        return source == candidate;
    }

    /** The key, or null if there is none or it is of a kind not used here. */
    @Nullable
    Key find(String kid) {
        return keys.get(kid);
    }

    private static Optional<Key> prepare(JWK jwk) throws JOSEException, GeneralSecurityException {
        // Members that say what a key is for (RFC 7517, 4.2 and 4.4) may be absent, but not say something else.
        if (jwk.getKeyUse() != null && !jwk.getKeyUse().equals(KeyUse.SIGNATURE)) {
            return Optional.empty();
        }
        Optional<Key> key = switch (jwk) {
            case ECKey ec when Curve.P_256.equals(ec.getCurve()) -> Optional.of(prepare(ec.toECPublicKey()));
            case RSAKey rsa
            when rsa.size() >= MIN_RSA_BITS ->
                Optional.of(new Key(JWSAlgorithm.RS256, new RSASSAVerifier(rsa.toRSAPublicKey())));
            default -> Optional.empty();
        };
        return key.filter(
                usable -> jwk.getAlgorithm() == null || jwk.getAlgorithm().equals(usable.algorithm()));
    }

    private static Key prepare(ECPublicKey key) throws JOSEException, GeneralSecurityException {
        Optional<Provider> fast = CryptoProviders.fast();
        if (fast.isEmpty()) {
            return new Key(JWSAlgorithm.ES256, new ECDSAVerifier(key));
        }
        // Translated once, because the provider would otherwise do it for each signature.
        ECPublicKey own = (ECPublicKey) KeyFactory.getInstance("EC", fast.get()).translateKey(key);
        ECDSAVerifier verifier = new ECDSAVerifier(own);
        verifier.getJCAContext().setProvider(fast.get());
        return new Key(JWSAlgorithm.ES256, verifier);
    }
}
