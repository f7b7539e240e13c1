package dev.firebreak.starter.token;

import dev.firebreak.starter.token.Fetched.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Metrics of one target. Each series exists from the start, so that a rate shows the first event too. */
final class TokenCounters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final Map<Outcome, Counter> renewals = new EnumMap<>(Outcome.class);

    TokenCounters(TokenTarget target, MeterRegistry registry) {
        this.registry = registry;
        String scope = target.scopes().isEmpty() ? "all" : target.scope();
        this.tags = Tags.of("audience", target.audience(), "scope", scope);
        for (Outcome outcome : Outcome.values()) {
            Counter counter = Counter.builder("firebreak.service.token.renewals")
                    .description("Questions to the token endpoint for a token of this process's own")
                    .tags(tags)
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(registry);
            renewals.put(outcome, counter);
        }
    }

    void watch(HeldToken held) {
        Gauge.builder("firebreak.service.token.age", held, HeldToken::ageSeconds)
                .baseUnit("seconds")
                .description("Time since the token was obtained")
                .tags(tags)
                .register(registry);
    }

    void ended(Outcome outcome) {
        Counter counter = renewals.get(outcome);
        if (counter != null) {
            counter.increment();
        }
    }
}
