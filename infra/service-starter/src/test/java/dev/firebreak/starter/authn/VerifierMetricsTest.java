package dev.firebreak.starter.authn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.VerifierPolicy;
import dev.firebreak.trust.test.TestClock;
import dev.firebreak.trust.test.TestIssuer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class VerifierMetricsTest {
    final TestClock clock = new TestClock();
    final TestIssuer issuer = new TestIssuer(TestTrust.ISSUER, clock);
    final TokenVerifier verifier = new TokenVerifier(
            new VerifierPolicy(TestTrust.ISSUER, Audiences.api(TestTrust.ORIGIN), Lifetimes.CLOCK_SKEW, 100),
            issuer.trust(),
            clock);
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @Test
    void countsRefusalsByTheirReason() {
        new VerifierMetrics(verifier).bindTo(metrics);
        String token = issuer.accessToken();

        verifier.verify(token);
        verifier.verify(token);
        verifier.verify("rubbish");
        clock.advance(Lifetimes.ACCESS_TOKEN.plus(Lifetimes.CLOCK_SKEW));
        verifier.verify(token);

        assertThat(refused("auth.token_malformed")).isEqualTo(1);
        assertThat(refused("auth.token_expired")).isEqualTo(1);
        assertThat(refused("auth.trust_unavailable")).isZero();
        assertThat(metrics.get("firebreak.token.cache.lookups")
                        .tag("result", "hit")
                        .functionCounter()
                        .count())
                .isPositive();
    }

    private double refused(String reason) {
        return metrics.get("firebreak.token.refused")
                .tag("reason", reason)
                .functionCounter()
                .count();
    }
}
