package dev.firebreak.system.harness;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.function.Function;

/** Makes tokens that must not be accepted, each out of a good one, so that one thing is wrong with each. */
public final class TokenForge {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final ECKey ownKey = generate();
    private final SignedJWT genuine;

    public TokenForge(String genuineToken) {
        try {
            genuine = SignedJWT.parse(genuineToken);
        } catch (ParseException e) {
            throw new IllegalArgumentException("not a JWT", e);
        }
    }

    public String kid() {
        return genuine.getHeader().getKeyID();
    }

    /** Same header, same claims, somebody else's key. */
    public String signedByAnother() {
        return signed(kid(), JOSEObjectType.JWT.equals(genuine.getHeader().getType()) ? "JWT" : "at+jwt", c -> c);
    }

    /** Names a key that does not exist. */
    public String unknownKey() {
        return signed("no-such-key", "at+jwt", claims -> claims);
    }

    /** Signed by a foreign key under the genuine kid, with claims changed. */
    public String signed(String kid, String type, Function<JWTClaimsSet.Builder, JWTClaimsSet.Builder> change) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(kid)
                    .type(new JOSEObjectType(type))
                    .build();
            JWTClaimsSet claims = change.apply(new JWTClaimsSet.Builder(genuine.getJWTClaimsSet()))
                    .build();
            return sign(header, claims, new ECDSASigner(ownKey));
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The genuine signature under changed claims: another user's id. */
    public String tamperedSubject() {
        String[] parts = genuine.serialize().split("\\.");
        String claims = decode(parts[1]).replaceFirst("\"sub\":\"[0-9a-f]{8}", "\"sub\":\"00000000");
        return parts[0] + "." + encode(claims) + "." + parts[2];
    }

    /** The genuine claims with the last bytes of the signature changed. */
    public String tamperedSignature() {
        String token = genuine.serialize();
        int at = token.lastIndexOf('.') + 10;
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        return token.substring(0, at) + other + token.substring(at + 1);
    }

    /** {@code alg: none} without signature (RFC 8725, 2.1). */
    public String unsigned() {
        String header = "{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + kid() + "\"}";
        return encode(header) + "." + genuine.serialize().split("\\.")[1] + ".";
    }

    /** A good header and claims with an empty signature. */
    public String withoutSignature() {
        String token = genuine.serialize();
        return token.substring(0, token.lastIndexOf('.') + 1);
    }

    /** HS256 with the public key as the secret (RFC 8725, 2.1). */
    public String symmetric(String publicJwk) {
        try {
            byte[] secret = publicJwk.getBytes(StandardCharsets.UTF_8);
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .keyID(kid())
                    .type(new JOSEObjectType("at+jwt"))
                    .build();
            return sign(header, genuine.getJWTClaimsSet(), new MACSigner(secret));
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Brings its own key in the header (RFC 8725, 3.10). */
    public String ownKeyInHeader() {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .keyID(kid())
                    .jwk(ownKey.toPublicJWK())
                    .type(new JOSEObjectType("at+jwt"))
                    .build();
            return sign(header, genuine.getJWTClaimsSet(), new ECDSASigner(ownKey));
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static ECKey generate() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }
}
