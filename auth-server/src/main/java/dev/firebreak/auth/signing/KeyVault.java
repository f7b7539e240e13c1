package dev.firebreak.auth.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import dev.firebreak.trust.CryptoProviders;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/** Makes signing keys, and opens them; between the two a private half exists only sealed. */
final class KeyVault {
    static final SealedColumn SEALED =
            new SealedColumn(SigningKeyRepository.TABLE, "kid", "sealed_private", "token-signing");

    private final KeyWrapper wrapper;

    KeyVault(KeyWrapper wrapper) {
        this.wrapper = wrapper;
    }

    /** A new key, sealed, with the thumbprint of its public half as id (RFC 7638). */
    SigningKeyRepository.Row generate() {
        try {
            ECKey key = new ECKeyGenerator(Curve.P_256)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint(true)
                    .generate();
            String kid = key.getKeyID();
            KeyWrapper.Sealed sealed =
                    wrapper.wrap(key.toJSONString().getBytes(StandardCharsets.UTF_8), SEALED.place(kid));
            return new SigningKeyRepository.Row(
                    kid, KeyState.ACTIVE, key.toPublicJWK().toJSONString(), sealed.value(), sealed.keyId(), null);
        } catch (JOSEException e) {
            throw new IllegalStateException("P-256 is part of every JDK", e);
        }
    }

    /** Opens a key so that it can sign. */
    ActiveKey open(SigningKeyRepository.Row row) {
        byte[] sealed = row.sealedPrivate();
        String wrappingKeyId = row.wrappingKeyId();
        if (sealed == null || wrappingKeyId == null) {
            throw new IllegalStateException("Signing key %s is active without a private half".formatted(row.kid()));
        }
        byte[] jwk = wrapper.unwrap(wrappingKeyId, sealed, SEALED.place(row.kid()));
        try {
            ECKey key = ECKey.parse(new String(jwk, StandardCharsets.UTF_8));
            ECDSASigner signer = new ECDSASigner(key);
            CryptoProviders.fast().ifPresent(fast -> signer.getJCAContext().setProvider(fast));
            return new ActiveKey(row.kid(), signer, row.signUntil());
        } catch (ParseException | JOSEException e) {
            // Without the cause: its message may hold parts of the key.
            throw new IllegalStateException("The private half of signing key %s is not a JWK".formatted(row.kid()));
        }
    }
}
