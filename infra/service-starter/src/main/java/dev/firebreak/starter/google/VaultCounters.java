package dev.firebreak.starter.google;

import com.github.benmanes.caffeine.cache.Cache;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Metrics of the vault's client. Each series exists from the start, so that a rate shows the first event too. */
final class VaultCounters {
    /** How a question to the vault ended. */
    enum Outcome {
        VALID,
        RECONNECT_REQUIRED,
        NOT_CONNECTED,
        NOT_ALLOWED,
        UNAVAILABLE,
        /** It does not take this client, or not its question: a matter of configuration. */
        REFUSED,
        /** An answer that makes no sense. */
        UNUSABLE
    }

    /** Where a caller's answer came from. */
    enum Lookup {
        /** Held. */
        HIT,
        /** Asked for. */
        MISS,
        /** Asked for by somebody else just then. */
        JOINED
    }

    private final MeterRegistry registry;
    private final Map<Outcome, Counter> calls = new EnumMap<>(Outcome.class);
    private final Map<Lookup, Counter> lookups = new EnumMap<>(Lookup.class);

    VaultCounters(MeterRegistry registry) {
        this.registry = registry;
        for (Outcome outcome : Outcome.values()) {
            Counter counter = Counter.builder("firebreak.vault.calls")
                    .description("Questions to the vault for a user's Google token")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(registry);
            calls.put(outcome, counter);
        }
        for (Lookup lookup : Lookup.values()) {
            Counter counter = Counter.builder("firebreak.vault.cache.lookups")
                    .description("Google tokens needed")
                    .tag("result", lookup.name().toLowerCase(Locale.ROOT))
                    .register(registry);
            lookups.put(lookup, counter);
        }
    }

    void watch(Cache<?, ?> cache) {
        Gauge.builder("firebreak.vault.cache.size", cache, Cache::estimatedSize)
                .description("Google tokens held")
                .register(registry);
    }

    void called(Outcome outcome) {
        increment(calls.get(outcome));
    }

    void looked(Lookup lookup) {
        increment(lookups.get(lookup));
    }

    private static void increment(@Nullable Counter counter) {
        if (counter != null) {
            counter.increment();
        }
    }
}
