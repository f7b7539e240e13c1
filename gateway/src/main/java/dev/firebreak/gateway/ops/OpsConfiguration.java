package dev.firebreak.gateway.ops;

import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.gateway.platform.FirebreakProperties;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustSource;
import dev.firebreak.trust.VerifierPolicy;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The verifier; the rest finds itself. */
@Configuration(proxyBeanMethods = false)
class OpsConfiguration {
    /** Operators are few, and each has one token for a quarter of an hour. */
    private static final int VERIFIED_TOKENS = 1_000;

    @Bean
    OpsVerifier opsVerifier(
            FirebreakProperties firebreak, TrustSource trust, InstantSource clock, MeterRegistry metrics) {
        TokenVerifier verifier = new TokenVerifier(
                new VerifierPolicy(
                        firebreak.issuer().toString(),
                        firebreak.opsAudience(),
                        Lifetimes.CLOCK_SKEW,
                        VERIFIED_TOKENS,
                        firebreak.trust().hardCap(),
                        VerifierPolicy.SUPPORTED),
                trust,
                clock);
        Gauge.builder("gateway.ops.verified", verifier, TokenVerifier::cacheSize)
                .description("Verified operators' tokens remembered")
                .register(metrics);
        return new OpsVerifier(verifier);
    }
}
