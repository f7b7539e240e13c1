package dev.firebreak.gateway.platform;

import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.TrustFeed;
import dev.firebreak.trust.TrustFeedSettings;
import dev.firebreak.trust.TrustSource;
import dev.firebreak.trust.VerifierPolicy;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The trust feed, the verifier over it, and this process's client key. */
@Configuration(proxyBeanMethods = false)
class TrustConfiguration {
    /** The feed is held up to 2 s by its server; past this the answer is lost. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(4);
    /** 50,000 tokens at about 500 bytes: 25 MB, more users at once than one node serves. */
    private static final int VERIFIED_TOKENS = 50_000;

    @Bean
    @ConditionalOnMissingBean
    InstantSource clock() {
        return InstantSource.system();
    }

    @Bean
    ClientAssertions clientAssertions(FirebreakProperties firebreak, InstantSource clock) {
        FirebreakProperties.Client client = firebreak.client();
        return new ClientAssertions(
                client.id(), loadKey(client), firebreak.issuer().toString(), firebreak.node(), clock);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnMissingBean(TrustSource.class)
    TrustFeed trustFeed(
            FirebreakProperties firebreak, ClientAssertions assertions, OpenableKeys ring, InstantSource clock) {
        FirebreakProperties.Trust trust = firebreak.trust();
        return new TrustFeed(
                new TrustFeedSettings(
                                trust.url(), trust.stateFolder(), trust.pollEvery(), READ_TIMEOUT, trust.hardCap())
                        .withRing(ring::ids),
                assertions,
                clock);
    }

    @Bean
    TokenVerifier tokenVerifier(
            FirebreakProperties firebreak, TrustSource trust, InstantSource clock, MeterRegistry metrics) {
        TokenVerifier verifier = new TokenVerifier(
                new VerifierPolicy(
                        firebreak.issuer().toString(),
                        firebreak.apiAudience(),
                        Lifetimes.CLOCK_SKEW,
                        VERIFIED_TOKENS,
                        firebreak.trust().hardCap(),
                        VerifierPolicy.SUPPORTED),
                trust,
                clock);
        FunctionCounter.builder("gateway.tokens.warm", verifier, v -> v.stats().hits())
                .description("Tokens found in the cache of verified tokens")
                .register(metrics);
        FunctionCounter.builder("gateway.tokens.cold", verifier, v -> v.stats().misses())
                .description("Tokens that were parsed and verified")
                .register(metrics);
        Gauge.builder("gateway.tokens.cached", verifier, TokenVerifier::cacheSize)
                .description("Verified tokens remembered")
                .register(metrics);
        Gauge.builder("gateway.trust.age", trust, source -> ageSeconds(source, clock))
                .description("Age of the trust data; NaN while there is none")
                .baseUnit("seconds")
                .register(metrics);
        return verifier;
    }

    private static ClientKey loadKey(FirebreakProperties.Client client) {
        try {
            return ClientKey.load(client.keyFile());
        } catch (RuntimeException e) {
            throw new Misconfigured("firebreak.client.key-file cannot be used: " + e.getMessage(), e);
        }
    }

    private static double ageSeconds(TrustSource trust, InstantSource clock) {
        Instant now = clock.instant();
        return trust.current()
                .map(snapshot -> Duration.between(snapshot.asOf(), now).toMillis() / 1000.0)
                .orElse(Double.NaN);
    }
}
