package dev.firebreak.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Access tokens as the authorization server issues them, and the trust data that they are judged by: three keys, as while
 * one follows another. The tests' TestIssuer makes a snapshot anew for each question, which would be measured here.
 */
final class Mint {
    static final String ISSUER = "http://localhost:8080/auth";
    static final String AUDIENCE = "http://localhost:8080/api";

    private static final Revocation.Kind[] KINDS = {Revocation.Kind.SID, Revocation.Kind.SUB, Revocation.Kind.JTI};

    private final InstantSource clock;
    private final List<ECKey> keys;

    Mint(InstantSource clock) {
        this.clock = clock;
        this.keys = List.of(newKey("2026-10"), newKey("2026-11"), newKey("2026-12"));
    }

    /** Public halves, for a library that looks keys up itself. */
    JWKSet jwkSet() {
        return new JWKSet(new ArrayList<JWK>(keys)).toPublicJWKSet();
    }

    /** So many tokens of one user's session. */
    String[] accessTokens(int count) {
        return IntStream.range(0, count).mapToObj(i -> accessToken()).toArray(String[]::new);
    }

    String accessToken() {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(UUID.randomUUID().toString())
                .jwtID(UUID.randomUUID().toString())
                .claim(Claims.CLIENT_ID, "gateway")
                .claim(Claims.SCOPE, Scopes.TASKS_READ + " " + Scopes.TASKS_WRITE)
                .claim(Claims.SID, UUID.randomUUID().toString())
                .claim(Claims.AUTH_TIME, now.getEpochSecond())
                .claim(Claims.ACR, Claims.ACR_PASSWORD)
                .claim(Claims.AMR, List.of("pwd"))
                .claim(Claims.ROLES, List.of("user"))
                .claim("iat", now.getEpochSecond())
                .claim("exp", now.plus(Lifetimes.ACCESS_TOKEN).getEpochSecond())
                .build();
        ECKey key = keys.get(1);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType(Claims.ACCESS_TOKEN_TYPE))
                        .keyID(key.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** A snapshot of now, with so many revocations of others' sessions, subjects and tokens. */
    TrustSource trust(int revocations) {
        Instant now = clock.instant();
        Instant until = now.plus(Lifetimes.ACCESS_TOKEN);
        List<Revocation> revoked = IntStream.range(0, revocations)
                .mapToObj(i -> new Revocation(
                        KINDS[i % KINDS.length], UUID.randomUUID().toString(), null, until))
                .toList();
        Map<String, JWK> published =
                jwkSet().getKeys().stream().collect(Collectors.toMap(JWK::getKeyID, Function.identity()));
        return new Held(Optional.of(
                new TrustSnapshot(UUID.randomUUID(), 1, published, revocations, RevocationSet.of(revoked), now)));
    }

    private static ECKey newKey(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What the feed is on the request path: one field. */
    private static final class Held implements TrustSource {
        private volatile Optional<TrustSnapshot> current;

        Held(Optional<TrustSnapshot> current) {
            this.current = current;
        }

        @Override
        public Optional<TrustSnapshot> current() {
            return current;
        }

        @Override
        public void refreshSoon() {
            throw new IllegalStateException("The trust data is fresh, so nobody asks");
        }
    }
}
