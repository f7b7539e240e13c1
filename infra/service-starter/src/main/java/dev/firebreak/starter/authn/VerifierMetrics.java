package dev.firebreak.starter.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.trust.TokenVerifier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/** What a verifier of tokens counts, under the same names in every process that has one. */
public record VerifierMetrics(TokenVerifier verifier) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        lookups("hit", it -> it.stats().hits(), registry);
        lookups("miss", it -> it.stats().misses(), registry);
        for (AuthError reason : AuthError.values()) {
            FunctionCounter.builder("firebreak.token.refused", verifier, it -> refused(it, reason))
                    .description("Tokens not accepted; proofs and, as auth.trust_unavailable, the want of one")
                    .tag("reason", reason.code())
                    .register(registry);
        }
        Gauge.builder("firebreak.token.cache.size", verifier, TokenVerifier::cacheSize)
                .description("Verified tokens remembered")
                .register(registry);
    }

    private void lookups(String result, ToDoubleFunction<TokenVerifier> count, MeterRegistry registry) {
        FunctionCounter.builder("firebreak.token.cache.lookups", verifier, count)
                .description("Tokens looked up in the cache of verified tokens")
                .tag("result", result)
                .register(registry);
    }

    private static double refused(TokenVerifier verifier, AuthError reason) {
        return verifier.stats().refusedByReason().getOrDefault(reason, 0L);
    }
}
