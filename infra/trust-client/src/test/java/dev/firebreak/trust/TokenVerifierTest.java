package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verdicts of the contract, one by one, and which of two wins. */
class TokenVerifierTest {
    private static final String ISSUER = "http://localhost:8080/auth";

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = new TestIssuer(ISSUER, clock);
    private final TokenVerifier verifier = verifier(Set.of(JWSAlgorithm.ES256));

    @Test
    void acceptsAProperUserTokenWithAllItsClaims() {
        String token = issuer.accessToken(claims -> claims.claim(Claims.CNF, Map.of("jkt", "thumb")));

        VerifiedToken verified = accepted(token);

        assertThat(verified.sub()).isEqualTo(TestIssuer.ALICE);
        assertThat(verified.clientId()).isEqualTo(TestIssuer.CLIENT);
        assertThat(verified.kid()).isEqualTo("test-1");
        assertThat(verified.jti()).isEqualTo("jti-1");
        assertThat(verified.scopes()).containsExactlyInAnyOrder("tasks:read", "tasks:write");
        assertThat(verified.roles()).containsExactly("user");
        assertThat(verified.amr()).containsExactly("pwd");
        assertThat(verified.acr()).isEqualTo(Claims.ACR_PASSWORD);
        assertThat(verified.authTime()).isEqualTo(TestClock.START.minusSeconds(60));
        assertThat(verified.issuedAt()).isEqualTo(TestClock.START);
        assertThat(verified.expiresAt()).isEqualTo(TestClock.START.plus(Lifetimes.ACCESS_TOKEN));
        assertThat(verified.confirmation()).isEqualTo("thumb");
        assertThat(verified.isUser()).isTrue();
    }

    @Test
    void acceptsAServiceTokenWithoutSession() {
        VerifiedToken verified = accepted(issuer.serviceToken("demo-service"));

        assertThat(verified.sub()).isEqualTo("demo-service");
        assertThat(verified.isUser()).isFalse();
        assertThat(verified.roles()).isEmpty();
    }

    @Test
    void acceptsTheLongFormOfTheType() {
        JWSHeader header =
                issuer.header().type(new JOSEObjectType("application/at+jwt")).build();

        accepted(issuer.sign(header, issuer.claims(TestIssuer.ALICE).build()));
    }

    @Test
    void acceptsAnAudienceAmongSeveral() {
        accepted(issuer.accessToken(claims -> claims.audience(List.of("https://other.example", issuer.audience()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                "e30.e30.e30",
                "e30.e30.",
                ".e30.e30",
                "e30..e30",
                "Bearer x.y.z",
                "\u0000",
                "\ud83d\udd25.\ud83d\udd25.\ud83d\udd25",
                "bnVsbA.bnVsbA.AAAA",
                "W10.W10.AAAA"
            })
    void refusesWhatIsNoTokenAtAll(String junk) {
        assertThat(refusal(junk)).isEqualTo(AuthError.TOKEN_MALFORMED);
    }

    @Test
    void refusesMoreThanEightKilobytesUnread() {
        String token = issuer.accessToken(claims -> claims.claim("padding", "x".repeat(8 * 1024)));

        assertThat(refusal(token)).isEqualTo(AuthError.TOKEN_MALFORMED);
    }

    @Test
    void refusesDeeplyNestedJson() {
        String bomb = Base64URL.encode("{\"a\":" + "[".repeat(5_000)).toString();

        assertThat(refusal(bomb + ".e30.AAAA")).isEqualTo(AuthError.TOKEN_MALFORMED);
    }

    @Test
    void acceptsExactlyOneSpellingOfASignature() {
        String token = issuer.accessToken();
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        int last = alphabet.indexOf(token.charAt(token.length() - 1));
        String stem = token.substring(0, token.length() - 1);

        // 64 bytes fill 85 characters and two bits: the other four bits of the last character carry nothing.
        for (int spelling = 1; spelling < 16; spelling++) {
            assertThat(refusal(stem + alphabet.charAt(last + spelling))).isEqualTo(AuthError.TOKEN_MALFORMED);
        }
        assertThat(refusal(token + "=")).isEqualTo(AuthError.TOKEN_MALFORMED);
        assertThat(refusal(token + "\n")).isEqualTo(AuthError.TOKEN_MALFORMED);
        assertThat(refusal(" " + token)).isEqualTo(AuthError.TOKEN_MALFORMED);
        accepted(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "exp", "iat", "jti", "client_id"})
    void refusesATokenWithoutARequiredClaim(String claim) {
        assertThat(refusal(issuer.accessToken(claims -> claims.claim(claim, null))))
                .isEqualTo(AuthError.TOKEN_MALFORMED);
    }

    @Test
    void refusesATokenWithoutAudience() {
        assertThat(refusal(issuer.accessToken(claims -> claims.audience((String) null))))
                .isEqualTo(AuthError.TOKEN_INVALID);
    }

    static Stream<Map.Entry<String, Object>> mistypedClaims() {
        return Stream.of(
                Map.entry("sub", 7),
                Map.entry("sub", ""),
                Map.entry("exp", "tomorrow"),
                Map.entry("exp", 1e300),
                Map.entry("exp", -1),
                Map.entry("exp", 253_402_300_800L),
                Map.entry("iat", List.of(1)),
                Map.entry("nbf", "now"),
                Map.entry("scope", List.of("tasks:read")),
                Map.entry("sid", 1),
                Map.entry("roles", "operator"),
                Map.entry("roles", List.of("user", 1)),
                Map.entry("amr", Map.of()),
                Map.entry("auth_time", true),
                Map.entry("cnf", "thumb"),
                Map.entry("cnf", Map.of("jkt", 5)));
    }

    @ParameterizedTest
    @MethodSource("mistypedClaims")
    void refusesAMistypedClaim(Map.Entry<String, Object> claim) {
        assertThat(refusal(tokenWith(payload -> payload.put(claim.getKey(), claim.getValue()))))
                .isEqualTo(AuthError.TOKEN_MALFORMED);
    }

    @Test
    void toleratesRepeatedScopesAndRoles() {
        VerifiedToken verified = accepted(issuer.accessToken(
                claims -> claims.claim(Claims.SCOPE, "a a b").claim(Claims.ROLES, List.of("user", "user"))));

        assertThat(verified.scopes()).containsExactlyInAnyOrder("a", "b");
        assertThat(verified.roles()).containsExactly("user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "at+JWT", "application/jwt", "logout+jwt", "dpop+jwt", "at+jwt;v=2"})
    void refusesAnotherType(String type) {
        JWSHeader header = issuer.header().type(new JOSEObjectType(type)).build();

        assertThat(refusal(issuer.sign(header, issuer.claims(TestIssuer.ALICE).build())))
                .isEqualTo(AuthError.TOKEN_INVALID);
    }

    @Test
    void refusesAHeaderWithoutTypeOrKid() {
        JWTClaimsSet claims = issuer.claims(TestIssuer.ALICE).build();

        assertThat(refusal(issuer.sign(issuer.header().type(null).build(), claims)))
                .isEqualTo(AuthError.TOKEN_MALFORMED);
        assertThat(refusal(issuer.sign(issuer.header().keyID(null).build(), claims)))
                .isEqualTo(AuthError.TOKEN_MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "HS256", "ES384", "ES512", "RS256", "PS256", "EdDSA", "es256"})
    void refusesAnotherAlgorithm(String algorithm) {
        assertThat(refusal(withHeader(issuer.accessToken(), header -> header.put("alg", algorithm))))
                .isEqualTo(AuthError.TOKEN_INVALID);
    }

    @Test
    void refusesAnHmacMadeWithThePublicKey() throws Exception {
        String token = withHeader(issuer.accessToken(), header -> header.put("alg", "HS256"));
        String signingInput = token.substring(0, token.lastIndexOf('.'));
        ECKey publicKey = issuer.snapshot().keys().get("test-1").toECKey();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(publicKey.toECPublicKey().getEncoded(), "HmacSHA256"));

        byte[] forged = mac.doFinal(signingInput.getBytes(StandardCharsets.US_ASCII));

        assertThat(refusal(signingInput + "." + Base64URL.encode(forged))).isEqualTo(AuthError.TOKEN_INVALID);
    }

    @Test
    void refusesATokenThatBringsItsOwnKeyOrRules() throws Exception {
        ECKey own = new ECKeyGenerator(Curve.P_256).keyID("test-1").generate();
        JWTClaimsSet claims = issuer.claims(TestIssuer.ALICE).build();
        URI elsewhere = URI.create("https://attacker.example/keys");

        // All are signed by the right key: the header alone is the reason.
        assertThat(Stream.of(
                                issuer.header().jwk(own.toPublicJWK()).build(),
                                issuer.header().jwkURL(elsewhere).build(),
                                issuer.header().x509CertURL(elsewhere).build(),
                                issuer.header()
                                        .x509CertChain(List.of(new Base64("AAAA")))
                                        .build(),
                                issuer.header()
                                        .criticalParams(Set.of("b64"))
                                        .base64URLEncodePayload(true)
                                        .build())
                        .map(header -> refusal(issuer.sign(header, claims))))
                .containsOnly(AuthError.TOKEN_INVALID);
    }

    @Test
    void refusesAnotherIssuerOrAudience() {
        Stream.<Consumer<JWTClaimsSet.Builder>>of(
                        claims -> claims.issuer("http://localhost:8080/auth/"),
                        claims -> claims.issuer("https://attacker.example"),
                        claims -> claims.audience("http://localhost:8080/ops"),
                        claims -> claims.audience(List.of("http://localhost:8080/api/", "http://localhost:8080")))
                .forEach(change ->
                        assertThat(refusal(issuer.accessToken(change))).isEqualTo(AuthError.TOKEN_INVALID));
    }

    @Test
    void acceptsUntilExpiryAndSkewThenCallsItExpired() {
        String token = issuer.accessToken();

        clock.advance(Lifetimes.ACCESS_TOKEN.plus(Lifetimes.CLOCK_SKEW).minusMillis(1));
        accepted(token);
        clock.advance(Duration.ofMillis(1));

        assertThat(refusal(token)).isEqualTo(AuthError.TOKEN_EXPIRED);
    }

    @Test
    void refusesATokenFromTheFutureUntilItsTimeComes() {
        String token = issuer.accessToken(
                claims -> claims.claim("nbf", TestClock.START.plusSeconds(60).getEpochSecond()));

        assertThat(refusal(token)).isEqualTo(AuthError.TOKEN_INVALID);
        clock.advance(Duration.ofSeconds(30));

        accepted(token);
    }

    @Test
    void saysUnavailableWithoutTrustDataOrPastTheHardCap() {
        String token = issuer.accessToken(claims ->
                claims.claim("exp", TestClock.START.plus(Duration.ofHours(2)).getEpochSecond()));
        issuer.freeze();

        clock.advance(Lifetimes.TRUST_HARD_CAP);
        accepted(token);
        clock.advance(Duration.ofMillis(1));
        unknown(token);
        issuer.thaw();
        accepted(token);
        issuer.loseTrust();
        unknown(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KID", "SID", "SUB", "CLIENT", "JTI"})
    void refusesWhatWasRevoked(Revocation.Kind kind) {
        String token = issuer.accessToken(claims -> claims.jwtID("the-jti").claim(Claims.SID, "the-sid"));
        accepted(token);

        issuer.revoke(
                kind,
                switch (kind) {
                    case KID -> "test-1";
                    case SID -> "the-sid";
                    case SUB -> TestIssuer.ALICE;
                    case CLIENT -> TestIssuer.CLIENT;
                    case JTI -> "the-jti";
                });

        Verdict.Refused warm = new Verdict.Refused(AuthError.TOKEN_REVOKED, kind);
        assertThat(verifier.verify(token)).isEqualTo(warm);
        assertThat(verifier(Set.of(JWSAlgorithm.ES256)).verify(token))
                .as("cold")
                .isEqualTo(warm);
    }

    @Test
    void revocationBySubjectSparesTokensIssuedLater() {
        String old = issuer.accessToken();
        String elsewhere = issuer.accessTokenOf(TestIssuer.BOB, "bobs-session");
        accepted(old);
        clock.advance(Duration.ofSeconds(10));
        issuer.revoke(new Revocation(
                Revocation.Kind.SUB,
                TestIssuer.ALICE,
                clock.instant(),
                clock.instant().plusSeconds(960)));
        String later = issuer.accessToken();

        assertThat(refusal(old)).isEqualTo(AuthError.TOKEN_REVOKED);
        accepted(later);
        accepted(elsewhere);
    }

    @Test
    void refusesAWrongSignatureUnderAKnownKid() throws Exception {
        ECKey foreign = new ECKeyGenerator(Curve.P_256).keyID("test-1").generate();
        SignedJWT forged = new SignedJWT(
                issuer.header().build(), issuer.claims(TestIssuer.ALICE).build());
        forged.sign(new ECDSASigner(foreign));

        assertThat(refusal(forged.serialize())).isEqualTo(AuthError.TOKEN_INVALID);
        assertThat(cacheSize()).isZero();
    }

    @Test
    void refusesDegenerateSignatures() {
        String token = issuer.accessToken();
        String signingInput = token.substring(0, token.lastIndexOf('.') + 1);
        byte[] ones = new byte[64];
        Arrays.fill(ones, (byte) 0xff);

        // r = s = 0 passed as valid in CVE-2022-21449; other lengths are not ES256.
        Stream.of(new byte[64], ones, new byte[1], new byte[63], new byte[65], new byte[72])
                .forEach(signature -> assertThat(refusal(signingInput + Base64URL.encode(signature)))
                        .isEqualTo(AuthError.TOKEN_INVALID));
    }

    @Test
    void aKeyServesItsOwnAlgorithmOnly() throws Exception {
        RSAKey rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        TrustSnapshot known = issuer.snapshot();
        Map<String, JWK> keys = new HashMap<>(known.keys());
        keys.put("rsa-1", rsa.toPublicJWK());
        TrustSnapshot both = new TrustSnapshot(
                known.epoch(), known.keysVersion(), keys, known.cursor(), known.revocations(), known.asOf());
        TokenVerifier lenient =
                new TokenVerifier(policy(Set.of(JWSAlgorithm.ES256, JWSAlgorithm.RS256)), new FakeTrust(both), clock);
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID("rsa-1")
                        .build(),
                issuer.claims(TestIssuer.ALICE).build());
        token.sign(new RSASSASigner(rsa));

        String mislabelled = withHeader(token.serialize(), header -> header.put("alg", "ES256"));
        mislabelled = mislabelled.substring(0, mislabelled.lastIndexOf('.'));
        Signature rsaSignature = Signature.getInstance("SHA256withRSA");
        rsaSignature.initSign(rsa.toPrivateKey());
        rsaSignature.update(mislabelled.getBytes(StandardCharsets.US_ASCII));
        mislabelled += "." + Base64URL.encode(rsaSignature.sign());

        assertThat(lenient.verify(token.serialize())).isInstanceOf(Verdict.Accepted.class);
        assertThat(lenient.verify(withHeader(token.serialize(), header -> header.put("kid", "test-1"))))
                .isEqualTo(new Verdict.Refused(AuthError.TOKEN_INVALID, null));
        assertThat(lenient.verify(mislabelled))
                .as("a good signature of another kind than the header says")
                .isEqualTo(new Verdict.Refused(AuthError.TOKEN_INVALID, null));
        assertThat(verifier.verify(token.serialize()))
                .as("RS256 is not on this list")
                .isEqualTo(new Verdict.Refused(AuthError.TOKEN_INVALID, null));
    }

    @Test
    void anUnknownKeyIsProofOnlyWhileTheTrustDataIsFresh() {
        String token = withHeader(issuer.accessToken(), header -> header.put("kid", "nobody"));
        issuer.freeze();

        clock.advance(Lifetimes.TRUST_FRESH.minusMillis(1));
        assertThat(refusal(token)).isEqualTo(AuthError.KEY_UNKNOWN);
        assertThat(issuer.refreshesAsked()).isZero();
        clock.advance(Duration.ofMillis(1));
        unknown(token);

        assertThat(issuer.refreshesAsked()).isEqualTo(1);
    }

    @Test
    void anUnknownKeyIsNoProofAfterTheClockWasSetBack() {
        String token = withHeader(issuer.accessToken(), header -> header.put("kid", "nobody"));
        issuer.freeze();

        clock.advance(Duration.ofSeconds(-1));

        unknown(token);
        assertThat(issuer.refreshesAsked()).isEqualTo(1);
    }

    @Test
    void theEarlierVerdictWins() {
        String expired = issuer.accessToken(
                c -> c.claim("exp", TestClock.START.minusSeconds(31).getEpochSecond()));
        String expiredOfAnotherIssuer = issuer.accessToken(c -> c.issuer("https://other.example")
                .claim("exp", TestClock.START.minusSeconds(31).getEpochSecond()));
        String unknownKey = withHeader(issuer.accessToken(), header -> header.put("kid", "nobody"));
        String badSignature =
                issuer.accessToken(c -> c.claim(Claims.SID, "ended")).replaceAll("\\.[^.]*$", "." + "A".repeat(86));
        String revokedAndUnknownKey = withHeader(
                issuer.accessToken(c -> c.claim(Claims.SID, "ended")), header -> header.put("kid", "nobody"));

        issuer.revoke(Revocation.Kind.SID, "ended");
        assertThat(refusal(expiredOfAnotherIssuer)).isEqualTo(AuthError.TOKEN_INVALID);
        assertThat(refusal(badSignature)).as("revoked before signature").isEqualTo(AuthError.TOKEN_REVOKED);
        assertThat(refusal(revokedAndUnknownKey)).as("revoked before kid").isEqualTo(AuthError.TOKEN_REVOKED);

        issuer.loseTrust();
        assertThat(refusal(expired)).as("expired before trust").isEqualTo(AuthError.TOKEN_EXPIRED);
        unknown(badSignature);
        unknown(unknownKey);
    }

    @Test
    void countsWhatItSaid() {
        String token = issuer.accessToken();

        verifier.verify(token);
        verifier.verify(token);
        verifier.verify("junk");
        issuer.loseTrust();
        verifier.verify(token);

        VerifierStats stats = verifier.stats();
        assertThat(stats.hits()).isEqualTo(2);
        assertThat(stats.misses()).isEqualTo(2);
        assertThat(stats.refusedByReason())
                .containsOnly(Map.entry(AuthError.TOKEN_MALFORMED, 1L), Map.entry(AuthError.TRUST_UNAVAILABLE, 1L));
    }

    private TokenVerifier verifier(Set<JWSAlgorithm> algorithms) {
        return new TokenVerifier(policy(algorithms), issuer.trust(), clock);
    }

    private VerifierPolicy policy(Set<JWSAlgorithm> algorithms) {
        return new VerifierPolicy(
                ISSUER, issuer.audience(), Lifetimes.CLOCK_SKEW, 1_000, Lifetimes.TRUST_HARD_CAP, algorithms);
    }

    private VerifiedToken accepted(String token) {
        assertThat(verifier.verify(token)).isInstanceOf(Verdict.Accepted.class);
        return ((Verdict.Accepted) verifier.verify(token)).token();
    }

    private AuthError refusal(String token) {
        assertThat(verifier.verify(token)).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused) verifier.verify(token)).reason();
    }

    private void unknown(String token) {
        Verdict verdict = verifier.verify(token);
        assertThat(verdict).isInstanceOf(Verdict.Unknown.class);
        assertThat(((Verdict.Unknown) verdict).reason()).isEqualTo(AuthError.TRUST_UNAVAILABLE);
        assertThat(((Verdict.Unknown) verdict).retryAfter()).isPositive();
    }

    /** A properly signed token whose claims no library would write. */
    private String tokenWith(Consumer<Map<String, Object>> change) {
        JWTClaimsSet proper = issuer.claims(TestIssuer.ALICE).build();
        Map<String, Object> payload = new HashMap<>(proper.toJSONObject());
        payload.put("exp", proper.getExpirationTime().toInstant().getEpochSecond());
        change.accept(payload);
        return issuer.signRaw(JSONObjectUtils.toJSONString(payload));
    }

    private static String withHeader(String token, Consumer<Map<String, Object>> change) {
        try {
            String[] parts = token.split("\\.");
            Map<String, Object> header = JSONObjectUtils.parse(new Base64URL(parts[0]).decodeToString());
            change.accept(header);
            return Base64URL.encode(JSONObjectUtils.toJSONString(header)) + "." + parts[1] + "." + parts[2];
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private long cacheSize() {
        verifier.tidy();
        return verifier.cacheSize();
    }
}
