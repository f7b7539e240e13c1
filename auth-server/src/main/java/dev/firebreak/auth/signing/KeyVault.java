package dev.firebreak.auth.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import dev.firebreak.trust.CryptoProviders;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/** Makes signing keys, and opens them; between the two a private half exists only sealed. */
final class KeyVault {
    static final SealedColumn SEALED =
            new SealedColumn(SigningKeyRepository.TABLE, "kid", "sealed_private", "token-signing");

    /** NIST SP 800-57: enough until 2030; verifiers demand no less. */
    private static final int RSA_BITS = 3072;

    private final KeyWrapper wrapper;

    KeyVault(KeyWrapper wrapper) {
        this.wrapper = wrapper;
    }

    /**
     * A key just made.
     *
     * @param sealedPrivate its private JWK, sealed under {@code wrappingKeyId}
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Fresh(
            String kid, SigningAlgorithm algorithm, String publicJwk, byte[] sealedPrivate, String wrappingKeyId) {}

    /** A new key, sealed, with the thumbprint of its public half as id (RFC 7638). */
    Fresh generate(SigningAlgorithm algorithm) {
        try {
            JWK key = switch (algorithm) {
                case ES256 ->
                    new ECKeyGenerator(Curve.P_256)
                            .algorithm(algorithm.jws())
                            .keyUse(KeyUse.SIGNATURE)
                            .keyIDFromThumbprint(true)
                            .generate();
                case RS256 ->
                    new RSAKeyGenerator(RSA_BITS)
                            .algorithm(algorithm.jws())
                            .keyUse(KeyUse.SIGNATURE)
                            .keyIDFromThumbprint(true)
                            .generate();
            };
            String kid = key.getKeyID();
            KeyWrapper.Sealed sealed =
                    wrapper.wrap(key.toJSONString().getBytes(StandardCharsets.UTF_8), SEALED.place(kid));
            return new Fresh(kid, algorithm, key.toPublicJWK().toJSONString(), sealed.value(), sealed.keyId());
        } catch (JOSEException e) {
            throw new IllegalStateException(algorithm + " is part of every JDK", e);
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
            String json = new String(jwk, StandardCharsets.UTF_8);
            JWSSigner signer = switch (row.algorithm()) {
                case ES256 -> new ECDSASigner(ECKey.parse(json));
                case RS256 -> new RSASSASigner(RSAKey.parse(json));
            };
            CryptoProviders.fast().ifPresent(fast -> signer.getJCAContext().setProvider(fast));
            return new ActiveKey(row.kid(), row.algorithm().jws(), signer, row.signFrom(), row.signUntil());
        } catch (ParseException | JOSEException e) {
            // Without the cause: its message may hold parts of the key.
            throw new IllegalStateException("The private half of signing key %s is not a JWK".formatted(row.kid()));
        }
    }
}
