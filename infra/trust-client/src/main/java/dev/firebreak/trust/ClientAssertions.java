package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes client assertions (RFC 7523, 2.2): for the token endpoint and, as a bearer token, for the internal calls. Each is
 * good for one use within {@link Lifetimes#CLIENT_ASSERTION}. For any number of threads.
 */
public final class ClientAssertions {
    /** 128 bits: nobody meets the same id twice. */
    private static final int JTI_BYTES = 16;

    private final String clientId;
    private final String audience;
    private final String instance;
    private final InstantSource clock;
    private final JWSHeader header;
    private final JWSSigner signer;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param audience the authorization server's issuer
     * @param instance stable name of this node
     */
    public ClientAssertions(String clientId, ClientKey key, String audience, String instance, InstantSource clock) {
        this.clientId = clientId;
        this.audience = audience;
        this.instance = instance;
        this.clock = clock;
        this.header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(JOSEObjectType.JWT)
                .keyID(key.kid())
                .build();
        try {
            this.signer = new ECDSASigner(key.privateJwk());
        } catch (JOSEException e) {
            throw new IllegalStateException("Client key " + key.kid() + " cannot sign", e);
        }
    }

    /** A new assertion. */
    public String create() {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", clientId);
        claims.put("sub", clientId);
        claims.put("aud", audience);
        claims.put("jti", randomId());
        claims.put("iat", now);
        claims.put("exp", now + Lifetimes.CLIENT_ASSERTION.toSeconds());
        claims.put(Claims.INSTANCE, instance);
        JWSObject assertion = new JWSObject(header, new Payload(claims));
        try {
            assertion.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("Client assertion could not be signed", e);
        }
        return assertion.serialize();
    }

    private String randomId() {
        byte[] bytes = new byte[JTI_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
