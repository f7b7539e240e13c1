package dev.firebreak.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import java.time.Duration;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a verifier remembers, and what it asks again although it remembers. */
class VerifiedTokenCacheTest {
    private static final int CACHE_SIZE = 10;

    private final TestClock clock = new TestClock();
    private final TestIssuer issuer = new TestIssuer("http://localhost:8080/auth", clock);
    private final TokenVerifier verifier = new TokenVerifier(
            new VerifierPolicy(issuer.issuer(), issuer.audience(), Lifetimes.CLOCK_SKEW, CACHE_SIZE),
            issuer.trust(),
            clock);

    @Test
    void verifiesATokenOnce() {
        String token = issuer.accessToken();

        assertThat(verifier.isWarm(token)).isFalse();
        Verdict first = verifier.verify(token);
        Verdict second = verifier.verify(token);

        assertThat(second).isSameAs(first).isInstanceOf(Verdict.Accepted.class);
        assertThat(verifier.isWarm(token)).isTrue();
        assertThat(verifier.stats().hits()).isEqualTo(1);
        assertThat(verifier.stats().misses()).isEqualTo(1);
    }

    @Test
    void remembersAcceptedTokensOnly() {
        String expired = issuer.accessToken(claims -> claims.claim("exp", 1L));
        String token = issuer.accessToken();
        String tampered = token.substring(0, token.length() - 1) + (token.endsWith("A") ? "Q" : "A");
        String revoked = issuer.accessToken(claims -> claims.claim(Claims.SID, "ended"));
        issuer.revoke(Revocation.Kind.SID, "ended");

        assertThat(verifier.verify(expired)).isInstanceOf(Verdict.Refused.class);
        assertThat(verifier.verify(tampered)).isInstanceOf(Verdict.Refused.class);
        assertThat(verifier.verify(revoked)).isInstanceOf(Verdict.Refused.class);
        assertThat(verifier.verify("junk")).isInstanceOf(Verdict.Refused.class);

        assertThat(cacheSize()).isZero();
    }

    @Test
    void forgetsATokenWhenItExpires() {
        String token = issuer.accessToken();
        verifier.verify(token);

        clock.advance(Lifetimes.ACCESS_TOKEN.plus(Lifetimes.CLOCK_SKEW).minusMillis(1));
        assertThat(cacheSize()).isEqualTo(1);
        assertThat(verifier.isWarm(token)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(verifier.isWarm(token)).isFalse();
        // The cache's timer wheel turns once in about a second.
        clock.advance(Duration.ofSeconds(2));

        assertThat(cacheSize()).isZero();
    }

    @Test
    void holdsNoMoreThanItsSize() {
        IntStream.range(0, 20 * CACHE_SIZE).forEach(i -> verifier.verify(issuer.accessToken()));

        assertThat(cacheSize()).isLessThanOrEqualTo(CACHE_SIZE);
    }

    @Test
    void aRevocationNeedsNoEviction() {
        String ended = issuer.accessToken(claims -> claims.claim(Claims.SID, "ended"));
        String other = issuer.accessToken();
        verifier.verify(ended);
        verifier.verify(other);

        issuer.revoke(Revocation.Kind.SID, "ended");

        assertThat(verifier.verify(ended)).isEqualTo(new Verdict.Refused(AuthError.TOKEN_REVOKED, Revocation.Kind.SID));
        assertThat(verifier.verify(other)).isInstanceOf(Verdict.Accepted.class);
        assertThat(cacheSize()).isEqualTo(2);
        assertThat(verifier.stats().hits()).isEqualTo(2);
    }

    @Test
    void onlyTheTokensOfARemovedKeyAreForgotten() {
        String old = issuer.accessToken();
        issuer.rotate();
        String current = issuer.accessToken();
        verifier.verify(old);
        verifier.verify(current);

        issuer.removeKey("test-1");

        assertThat(verifier.verify(old)).isEqualTo(new Verdict.Refused(AuthError.KEY_UNKNOWN, null));
        assertThat(verifier.isWarm(old)).isFalse();
        assertThat(verifier.isWarm(current)).isTrue();
        assertThat(verifier.verify(current)).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aRotationKeepsTheCacheWarm() {
        String token = issuer.accessToken();
        verifier.verify(token);

        issuer.rotate();
        verifier.verify(token);

        assertThat(verifier.stats().hits()).isEqualTo(1);
    }

    @Test
    void anotherKeyUnderTheSameKidProvesNothing() {
        String token = issuer.accessToken();
        verifier.verify(token);

        issuer.replaceKey();

        assertThat(verifier.verify(token)).isEqualTo(new Verdict.Refused(AuthError.TOKEN_INVALID, null));
        assertThat(verifier.verify(issuer.accessToken())).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aWarmTokenIsNotJudgedByTrustDataPastTheHardCap() {
        VerifierPolicy shortCap = new VerifierPolicy(
                issuer.issuer(),
                issuer.audience(),
                Lifetimes.CLOCK_SKEW,
                CACHE_SIZE,
                Duration.ofMinutes(2),
                Set.of(JWSAlgorithm.ES256));
        TokenVerifier strict = new TokenVerifier(shortCap, issuer.trust(), clock);
        String token = issuer.accessToken();
        strict.verify(token);
        issuer.freeze();

        clock.advance(Duration.ofMinutes(2));
        assertThat(strict.verify(token)).isInstanceOf(Verdict.Accepted.class);
        clock.advance(Duration.ofMillis(1));

        assertThat(strict.verify(token)).isInstanceOf(Verdict.Unknown.class);
        assertThat(strict.isWarm(token)).isTrue();
    }

    /** The outage budget as a verifier sees it: nothing changes for a signed-in user while nobody answers. */
    @Test
    void judgesKnownKeysThroughAnOutageAsATimeline() {
        String before = issuer.accessToken();
        issuer.freeze();

        for (int minute = 0; minute < 15; minute++) {
            assertThat(verifier.verify(before)).as("minute %d", minute).isInstanceOf(Verdict.Accepted.class);
            clock.advance(Duration.ofMinutes(1));
        }
        clock.advance(Lifetimes.CLOCK_SKEW);

        assertThat(verifier.verify(before)).isEqualTo(new Verdict.Refused(AuthError.TOKEN_EXPIRED, null));
    }

    private long cacheSize() {
        verifier.tidy();
        return verifier.cacheSize();
    }
}
