package dev.firebreak.gateway.login;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.trust.TrustSnapshot;
import dev.firebreak.trust.VerifierPolicy;
import java.text.ParseException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What an ID token says of the user, once it is proved to be the answer to this sign-in (OpenID Connect Core, 3.1.3.7).
 *
 * @param sub the user
 * @param name to show; the e-mail address or the user's id if there is none
 */
record IdToken(String sub, String name, String email) {
    /** What the token must say. */
    record Demands(String issuer, String clientId, String nonce) {}

    /** The token is not what it should be; the message says in which way and holds nothing of it. */
    static final class Unacceptable extends Exception {
        private static final long serialVersionUID = 1L;

        Unacceptable(String message) {
            super(message);
        }
    }

    /** Reads and checks it. */
    static IdToken read(@Nullable String compact, Demands demands, TrustSnapshot trust, Instant now)
            throws Unacceptable {
        if (compact == null) {
            throw new Unacceptable("there is no ID token");
        }
        try {
            SignedJWT token = SignedJWT.parse(compact);
            checkSignature(token, trust);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            checkClaims(claims, demands, now);
            String email = orElse(claims.getStringClaim("email"), "");
            return new IdToken(
                    claims.getSubject(),
                    orElse(claims.getStringClaim("name"), email.isEmpty() ? claims.getSubject() : email),
                    email);
        } catch (ParseException | JOSEException e) {
            throw new Unacceptable("it cannot be read");
        }
    }

    private static void checkSignature(SignedJWT token, TrustSnapshot trust) throws JOSEException, Unacceptable {
        JWK key = token.getHeader().getKeyID() == null
                ? null
                : trust.keys().get(token.getHeader().getKeyID());
        JWSAlgorithm algorithm = token.getHeader().getAlgorithm();
        demand(VerifierPolicy.SUPPORTED.contains(algorithm), "its algorithm is not one of ours");
        demand(key != null, "its key is not known");
        // By the key's kind, never by what the token says of itself.
        boolean verified = switch (key) {
            case ECKey ec -> JWSAlgorithm.ES256.equals(algorithm) && token.verify(new ECDSAVerifier(ec));
            case RSAKey rsa -> JWSAlgorithm.RS256.equals(algorithm) && token.verify(new RSASSAVerifier(rsa));
            case null, default -> false;
        };
        demand(verified, "its signature is wrong");
    }

    private static void checkClaims(JWTClaimsSet claims, Demands demands, Instant now)
            throws ParseException, Unacceptable {
        demand(demands.issuer().equals(claims.getIssuer()), "it has another issuer");
        demand(claims.getAudience().contains(demands.clientId()), "it is for another client");
        String party = claims.getStringClaim("azp");
        demand(
                claims.getAudience().size() == 1 || demands.clientId().equals(party),
                "it is for several clients and authorizes another");
        demand(demands.nonce().equals(claims.getStringClaim("nonce")), "it answers another sign-in");
        demand(claims.getSubject() != null, "it names no user");
        demand(
                claims.getExpirationTime() != null
                        && claims.getExpirationTime()
                                .toInstant()
                                .plus(Lifetimes.CLOCK_SKEW)
                                .isAfter(now),
                "it has expired");
    }

    private static void demand(boolean holds, String otherwise) throws Unacceptable {
        if (!holds) {
            throw new Unacceptable(otherwise);
        }
    }

    private static String orElse(@Nullable String text, String otherwise) {
        return text == null || text.isBlank() ? otherwise : text;
    }
}
