package dev.firebreak.starter.client;

import dev.firebreak.trust.retry.RetryRules.Denial;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts the calls of one client. Each series exists from the start, so that a rate shows the first event too. */
final class CallMetrics {
    private final MeterProvider<Counter> calls;
    private final MeterProvider<Counter> denied;
    private final Counter retries;

    CallMetrics(String client, MeterRegistry registry) {
        calls = Counter.builder("firebreak.client.calls")
                .description("Calls to another service, each once however often it was made again")
                .tag("client", client)
                .withRegistry(registry);
        denied = Counter.builder("firebreak.client.retries.denied")
                .description("Failures that might have passed and were not tried again")
                .tag("client", client)
                .withRegistry(registry);
        retries = Counter.builder("firebreak.client.retries")
                .description("Calls made again")
                .tag("client", client)
                .register(registry);
        for (Outcome outcome : Outcome.values()) {
            of(outcome);
        }
        for (Denial reason : Denial.values()) {
            of(reason);
        }
    }

    void ended(Outcome outcome) {
        of(outcome).increment();
    }

    void retried() {
        retries.increment();
    }

    void denied(Denial reason) {
        of(reason).increment();
    }

    private Counter of(Outcome outcome) {
        return calls.withTag("outcome", outcome.name().toLowerCase(Locale.ROOT));
    }

    private Counter of(Denial reason) {
        return denied.withTag("reason", reason.name().toLowerCase(Locale.ROOT));
    }
}
