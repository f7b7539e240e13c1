package dev.firebreak.trust.test;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.trust.RevocationSet;
import dev.firebreak.trust.TrustSnapshot;
import dev.firebreak.trust.TrustSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * An authorization server as far as verifiers can see one: mints access tokens and is the {@link TrustSource} that knows
 * its keys. Its trust data is always as fresh as the clock, until {@link #freeze()} or {@link #loseTrust()}.
 */
public final class TestIssuer {
    /** Subject of {@link #accessToken()}. */
    public static final String ALICE = "0f8fad5b-d9cb-469f-a165-70867728950e";

    /** Another user. */
    public static final String BOB = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

    /** Client that the tokens are issued to. */
    public static final String CLIENT = "gateway";

    private final String issuer;
    private final InstantSource clock;
    private final FakeTrust trust = new FakeTrust();
    private final AtomicLong jti = new AtomicLong();
    private final AtomicReference<State> state;

    public TestIssuer(String issuer, InstantSource clock) {
        this.issuer = issuer;
        this.clock = clock;
        ECKey key = newKey("test-1");
        this.state = new AtomicReference<>(new State(
                UUID.randomUUID(), 1, Map.of(key.getKeyID(), key), "test-1", 0, RevocationSet.empty(), true, null));
    }

    /** Value of {@code iss}. */
    public String issuer() {
        return issuer;
    }

    /** The API audience of this deployment: the issuer's origin and {@code /api}. */
    public String audience() {
        URI uri = URI.create(issuer);
        return Audiences.api(uri.getScheme() + "://" + uri.getAuthority());
    }

    /** A token of Alice with all scopes for tasks, in the middle of its life. */
    public String accessToken() {
        return accessToken(claims -> {});
    }

    /** Alice's token with changes; a claim set to null is left out. */
    public String accessToken(Consumer<JWTClaimsSet.Builder> changes) {
        JWTClaimsSet.Builder claims = claims(ALICE)
                .claim(Claims.SID, "5d9c68c6-c50e-4d3d-a2f7-1a3d3b1e6a01")
                .claim(Claims.AUTH_TIME, clock.instant().minusSeconds(60).getEpochSecond())
                .claim(Claims.ACR, Claims.ACR_PASSWORD)
                .claim(Claims.AMR, List.of("pwd"))
                .claim(Claims.ROLES, List.of("user"));
        changes.accept(claims);
        return sign(claims.build());
    }

    /** Somebody's own token, with this session. */
    public String accessTokenOf(String sub, String sid) {
        return accessToken(claims -> claims.subject(sub).claim(Claims.SID, sid));
    }

    /** A service's token: no session, no user. */
    public String serviceToken(String clientId) {
        return sign(claims(clientId).claim(Claims.CLIENT_ID, clientId).build());
    }

    /** A signed token with any header and any claims. */
    public String sign(JWSHeader header, JWTClaimsSet claims) {
        return sign(header, claims, signingKey());
    }

    /** Signs a payload that no library would write, under the header of a proper token. */
    public String signRaw(String payload) {
        JWSObject token = new JWSObject(header().build(), new Payload(payload));
        try {
            token.sign(new ECDSASigner(signingKey()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    /** The header of a proper token. */
    public JWSHeader.Builder header() {
        return new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(Claims.ACCESS_TOKEN_TYPE))
                .keyID(state.get().signingKid());
    }

    /** The claims of a proper token without anything of a user. */
    public JWTClaimsSet.Builder claims(String sub) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience())
                .subject(sub)
                .jwtID("jti-" + jti.incrementAndGet())
                .claim(Claims.CLIENT_ID, CLIENT)
                .claim(Claims.SCOPE, Scopes.TASKS_READ + " " + Scopes.TASKS_WRITE)
                .claim("iat", now.getEpochSecond())
                .claim("exp", now.plus(Lifetimes.ACCESS_TOKEN).getEpochSecond());
    }

    /** Where verifiers learn of keys and revocations. */
    public TrustSource trust() {
        return trust;
    }

    /** The trust data of this moment. */
    public TrustSnapshot snapshot() {
        return trust.current().orElseThrow(() -> new IllegalStateException("Trust was lost"));
    }

    /** How often a verifier asked for an early refresh. */
    public int refreshesAsked() {
        return trust.refreshes.get();
    }

    /** Publishes a new key and signs with it; the old one stays valid. Returns the new kid. */
    public String rotate() {
        String kid = "test-" + (state.get().version() + 1);
        ECKey key = newKey(kid);
        state.updateAndGet(old -> old.withKeys(keys -> keys.put(kid, key), kid));
        return kid;
    }

    /** Takes a key out of the key set. */
    public void removeKey(String kid) {
        state.updateAndGet(old -> old.withKeys(keys -> keys.remove(kid), old.signingKid()));
    }

    /** Puts another key under the kid that signs now, as no proper issuer would. */
    public void replaceKey() {
        ECKey key = newKey(state.get().signingKid());
        state.updateAndGet(old -> old.withKeys(keys -> keys.put(key.getKeyID(), key), key.getKeyID()));
    }

    /** Revokes all tokens that name this thing, for an hour. */
    public void revoke(Revocation.Kind kind, String value) {
        revoke(new Revocation(kind, value, null, clock.instant().plus(Duration.ofHours(1))));
    }

    /** Revokes. */
    public void revoke(Revocation... revocations) {
        state.updateAndGet(old -> old.withRevocations(Arrays.asList(revocations), clock.instant()));
    }

    /** From now on the trust data ages, as when the authorization server cannot be reached. */
    public void freeze() {
        Instant now = clock.instant();
        state.updateAndGet(old -> old.with(true, now));
    }

    /** Fresh trust data again. */
    public void thaw() {
        state.updateAndGet(old -> old.with(true, null));
    }

    /** No trust data at all, as in a new process while the authorization server is away. */
    public void loseTrust() {
        state.updateAndGet(old -> old.with(false, null));
    }

    private ECKey signingKey() {
        State now = state.get();
        ECKey key = now.keys().get(now.signingKid());
        if (key == null) {
            throw new IllegalStateException("The signing key was removed");
        }
        return key;
    }

    private String sign(JWTClaimsSet claims) {
        return sign(header().build(), claims);
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, ECKey key) {
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static ECKey newKey(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private final class FakeTrust implements TrustSource {
        private final AtomicInteger refreshes = new AtomicInteger();
        private Map<String, ECKey> publishedFrom = Map.of();
        private Map<String, JWK> published = Map.of();

        @Override
        public synchronized Optional<TrustSnapshot> current() {
            State now = state.get();
            if (!now.present()) {
                return Optional.empty();
            }
            if (publishedFrom != now.keys()) {
                Map<String, JWK> keys = new LinkedHashMap<>();
                now.keys().forEach((kid, key) -> keys.put(kid, key.toPublicJWK()));
                published = Map.copyOf(keys);
                publishedFrom = now.keys();
            }
            Instant asOf = now.frozenAt() == null ? clock.instant() : now.frozenAt();
            return Optional.of(
                    new TrustSnapshot(now.epoch(), now.version(), published, now.cursor(), now.revocations(), asOf));
        }

        @Override
        public void refreshSoon() {
            refreshes.incrementAndGet();
        }
    }

    private record State(
            UUID epoch,
            long version,
            Map<String, ECKey> keys,
            String signingKid,
            long cursor,
            RevocationSet revocations,
            boolean present,
            Instant frozenAt) {
        State withKeys(Consumer<Map<String, ECKey>> change, String signingKid) {
            Map<String, ECKey> changed = new LinkedHashMap<>(keys);
            change.accept(changed);
            return new State(
                    epoch, version + 1, Map.copyOf(changed), signingKid, cursor, revocations, present, frozenAt);
        }

        State withRevocations(List<Revocation> more, Instant now) {
            return new State(
                    epoch,
                    version,
                    keys,
                    signingKid,
                    cursor + more.size(),
                    revocations.plus(more, now),
                    present,
                    frozenAt);
        }

        State with(boolean present, Instant frozenAt) {
            return new State(epoch, version, keys, signingKid, cursor, revocations, present, frozenAt);
        }
    }
}
